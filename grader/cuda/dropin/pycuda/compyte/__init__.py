"""Where PyCUDA has what it shares with PyOpenCL."""
