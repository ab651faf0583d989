"""Grading a class: what is owed, what is still right from before, what is judged, kept and told.

`grade` and `check` are the kit's Python API, and what the commands call. Neither prints anything.
"""
