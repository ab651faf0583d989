"""right: log records whose text is made by own code, on a handler from outside."""

import io
import logging

from grader.player.schedules import together

handler = logging.StreamHandler(io.StringIO())


class Named:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"<{self.name}>"


def scenario():
    log = logging.Logger("log")
    log.addHandler(handler)
    together(lambda: log.warning("%r", Named("a")), lambda: log.warning("%r", Named("b")))
