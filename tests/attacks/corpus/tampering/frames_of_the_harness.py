"""Climbs the stack to the harness's own frames and replaces, in these, the request, its number and its socket.

verdict: error
says: Something other than the harness wrote to its channel during the call
"""

import ctypes
import signal


def frame_here():
    found = []
    signal.signal(signal.SIGUSR2, lambda number, frame: found.append(frame))
    signal.raise_signal(signal.SIGUSR2)  # asking sys for a frame is refused
    return found[0]


def parallel_map(function, items, workers):
    frame = frame_here()
    while frame := frame.f_back:
        mine = frame.f_locals
        if "identity" in mine:
            mine["identity"] = "0" * 16
            mine["request"].update(id="0" * 16, op="run", scenario="mapped", inputs={})
            ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
    return []
