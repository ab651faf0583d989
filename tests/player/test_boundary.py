"""Student code asks for frames, or for all objects, and does not get them; libraries that log or warn for it do.

Each case runs in an interpreter of its own: an audit hook stays for good.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import CHECKOUT

BEFORE = """
from grader.player.boundary import Boundary
Boundary(frozenset())
import asyncio, concurrent.futures, gc, inspect, logging, sys, traceback, weakref
def suspended():
    yield
waits = suspended()
next(waits)
"""
REFUSED = {
    "its frame": "sys._getframe()",
    "its frame by inspect": "inspect.currentframe()",
    "the stack": "inspect.stack()",
    "its frame by logging": "logging.currentframe()",
    "its frame by a library that calls anything": "weakref.finalize(waits, sys._getframe, 0)()",
    "all frames by a pool": "concurrent.futures.ThreadPoolExecutor(1).submit(sys._current_frames).result()",
    "all objects": "gc.get_objects()",
    "who refers to it": "gc.get_referrers(waits)",
    "a tracer": "sys.settrace(None)",
    "the frame of an error": "try: 1 / 0\nexcept ZeroDivisionError as e: e.__traceback__.tb_frame",
    "the frame of what runs": "def runs():\n    me.gi_frame\n    yield\nme = runs()\nnext(me)",
    "its frame by code of a library's name": "exec(compile('sys._getframe()', inspect.__file__, 'exec'))",
}
ALLOWED = {
    "whether a generator has ended": "assert waits.gi_frame is not None",
    "a generator's state": "assert inspect.getgeneratorstate(waits) == 'GEN_SUSPENDED'",
    "logging": "logging.basicConfig(format='%(funcName)s')\nlogging.warning('here')",
    "a traceback": "try: 1 / 0\nexcept ZeroDivisionError: traceback.format_exc()",
    "a warning": "import warnings\nwarnings.warn('here')",
    "classes": "import collections, dataclasses, enum, typing\n"
    "collections.namedtuple('P', 'x y')\nenum.Enum('E', 'a b')\ndataclasses.make_dataclass('D', ['x'])\n"
    "class N(typing.NamedTuple):\n    x: int\n",
    "an event loop that debugs": "async def main(): await asyncio.sleep(0)\nasyncio.run(main(), debug=True)",
    "code of its own": "exec(compile('1', '<string>', 'exec'))",
}


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", BEFORE + code], cwd=CHECKOUT, capture_output=True, text=True)


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused(case: str) -> None:
    assert "OutOfReachError" in run(REFUSED[case]).stderr


@pytest.mark.parametrize("case", ALLOWED)
def test_it_is_let_through(case: str) -> None:
    done = run(ALLOWED[case])
    assert done.returncode == 0, done.stderr
