"""The views of the page: each lays out its part with Gradio and connects it. What they show is made by the pure modules."""
