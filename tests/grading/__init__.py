"""Tests of grading as a part of its own: what is kept, what is still right, who may write, and the Python API."""
