"""Where results are kept: JSON files beside the run, and grades in a database."""
