"""Traces the harness's own functions, line by line, and breaks off those that describe an error.

verdict: crash error
"""

import sys


def intervene(frame, event, argument):
    if event == "line" and frame.f_code.co_name == "describe_exception":
        raise GeneratorExit
    return intervene


def parallel_map(function, items, workers):
    frame = sys._getframe()
    while frame := frame.f_back:
        frame.f_trace = intervene
    sys.settrace(intervene)
    sys.setprofile(intervene)
    raise ValueError("nothing to see here")
