"""What Basis claims of its answers, measured offline on gold questions."""
