"""PyCUDA's interface on a machine without a GPU: kernels are compiled for the CPU and run thread by thread.

This package stands in for the real one where `grader/cuda/dropin` is on the path. Names, exceptions and what they mean
are PyCUDA's; what differs, and that textures are missing, is said where it differs.
"""

VERSION = (2026, 1)
VERSION_STATUS = "+cpu"
VERSION_TEXT = "2026.1+cpu"
