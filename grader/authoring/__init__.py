"""What helps to write exercises: the example that a new one begins as."""

from .new import Created, create_exercise

__all__ = ["Created", "create_exercise"]
