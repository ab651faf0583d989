"""Has the judge keep thousands of calls whose arguments are exceptions with as many classes and places as there is room for.

verdict: error
says: arguments take more than
"""

from grader.player import callbacks, wire


class Wide(callbacks.Callback):
    """Its requests are made by hand, and nobody waits for their answers."""

    def request(self, arguments, task=""):
        failed = {"type": "E", "message": "", "bases": [""] * 30, "places": [["", 1, ""]] * 4000}
        return wire.frame({"name": "function", "args": [{"$": "exception", "v": failed}], "thread": 1, "task": ""})


def parallel_map(function, items, workers):
    wide = Wide("function", function.path)
    for _ in range(9000):
        try:
            wide()
        except Exception:
            pass
    return []
