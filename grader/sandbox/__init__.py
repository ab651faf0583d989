"""The trusted side of the sandbox: starts players, answers their calls, enforces limits, asks the kernel."""
