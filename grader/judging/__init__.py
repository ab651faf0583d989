"""Running a hidden suite over one submission, with pytest, outside the sandbox."""
