"""The two ways a command stops early: bad input, and trouble that is nobody's answer to the exercise."""


class InputError(Exception):
    """What the user handed over cannot be used. One sentence naming the file and the fix; exit code 2."""

    exit_code = 2


class InfrastructureError(Exception):
    """The machine, not the input, is the trouble (no isolation, disk full). One sentence; exit code 3."""

    exit_code = 3
