"""What is read in the page, as HTML: pure functions, everything that is not ours escaped, no Gradio."""
