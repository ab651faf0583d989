"""Drives `fetch_all` inside the sandbox. The judge is the servers.

What is used here is bound before the student's file is loaded, so that it stays the original.
"""

from builtins import OSError, getattr, isinstance, iter, list, range, type
from socket import socket

from gevent import sleep, spawn  # type: ignore[import-untyped]

from grader.player.callbacks import DirectCallback
from grader.player.greenlets import greenlets, keep_judged_time, lines_that_start_threads, on_judged_hub

keep_judged_time()
threads_started = lines_that_start_threads("gevent_fetch.py")


def fetch(student, **asked):
    """In the judge's time."""
    return on_judged_hub(lambda: fetch_really(student, **asked))


def fetch_really(student, addresses, servers, limit, timeout=None, iterator=False):
    """On gevent's own hub.

    `addresses`: numbers of servers; below 0 are those that never answer. What was returned, which errno its errors
    have, how many greenlets were left, and where threads were started.
    """
    nobody, full = [bound() for _ in range(4)], full_queue()
    others = [*(sock.getsockname() for sock in nobody), ("224.0.0.1", 80), full[0].getsockname()]
    asked = [others[-1 - number] if number < 0 else servers[number] for number in addresses]
    before = greenlets()
    neighbour = spawn(live_next_door)
    pages = student.fetch_all(iter(asked) if iterator else asked, limit, timeout)
    left = greenlets() - before - (not neighbour.dead)  # before anybody else has a turn
    neighbour.kill()
    DirectCallback("returned")()  # while what was returned is still there, and what it holds
    return [pages, numbers_of(pages), left, list(threads_started)]


def numbers_of(pages):
    if type(pages) is not list:
        return []
    return [getattr(page, "errno", None) for page in pages if isinstance(page, OSError)]


def side_by_side(student, asked, servers):
    """Several greenlets call at the same time, each with its own addresses and limit."""
    return on_judged_hub(lambda: call_each(student, asked, servers))


def call_each(student, asked, servers):
    asking = [spawn(student.fetch_all, [servers[number] for number in numbers], limit) for numbers, limit in asked]
    pages = [greenlet.get() for greenlet in asking]
    DirectCallback("returned")()
    return pages


def live_next_door():
    """Has run only when others have let it, while requests were begun."""
    for _ in range(50):
        sleep(0)
    DirectCallback("neighbour")()


def bound():
    """Its address is nobody else's, and nobody listens there."""
    sock = socket()
    sock.bind(("127.0.0.1", 0))
    return sock


def full_queue():
    """Who connects to the first of these waits for ever: nobody accepts, and the second one has the only place."""
    server, client = bound(), socket()
    server.listen(0)
    client.connect(server.getsockname())
    return server, client
