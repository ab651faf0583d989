"""The trusted side of the sandbox: starts players, answers their calls, enforces limits, reads the kernel's evidence."""
