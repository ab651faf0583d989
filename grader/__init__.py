"""The auto-graded Python concurrency kit: exercises, a sandbox, and a judge that goes by evidence."""

__version__ = "0.1.0"
