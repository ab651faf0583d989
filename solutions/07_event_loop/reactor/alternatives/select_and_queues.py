"""`select.select` over lists made anew each time; lines and answers wait in queues. Two lists for each client."""

import select
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from socket import socket

MOST = 65536


class Talk:
    def __init__(self) -> None:
        self.beginning = b""  # of a line
        self.lines: deque[bytes] = deque()
        self.answers: deque[bytes] = deque()
        self.waiting = 0  # bytes of answers
        self.over = False

    def take(self, data: bytes) -> None:
        self.over = not data
        *lines, self.beginning = (self.beginning + data).split(b"\n")
        self.lines.extend(lines)
        if any(len(line) > MOST for line in (*lines, self.beginning)):
            raise ValueError("a line is too long")

    def is_over(self) -> bool:
        return self.over and not self.lines and not self.answers


def serve(listener: socket, stop: socket, handle: Callable[[bytes], bytes] = lambda line: line) -> None:
    talks: dict[socket, Talk] = {}
    try:
        while True:
            reading = [sock for sock, talk in talks.items() if not talk.over and not talk.lines and not talk.answers]
            writing = [sock for sock, talk in talks.items() if talk.lines or talk.answers]
            readable, writable, _ = select.select([stop, listener, *reading], writing, [])
            if stop in readable:
                return
            if listener in readable:
                sock, _ = listener.accept()  # it is readable, and on Linux what is there stays there
                sock.setblocking(False)
                talks[sock] = Talk()
            for sock in {*readable, *writable} & talks.keys():
                try:
                    go_on(sock, talks[sock], handle, sock in readable)
                except Exception:
                    talks.pop(sock).beginning = b""
                    sock.close()
                else:
                    if talks[sock].is_over():
                        del talks[sock]
                        sock.close()
    finally:
        for sock in talks:
            sock.close()


def go_on(sock: socket, talk: Talk, handle: Callable[[bytes], bytes], readable: bool) -> None:
    with suppress(BlockingIOError):
        if readable:
            talk.take(sock.recv(1 << 18))
    while talk.lines and talk.waiting <= MOST:
        talk.answers.append(handle(talk.lines.popleft()) + b"\n")
        talk.waiting += len(talk.answers[-1])
    with suppress(BlockingIOError):
        while talk.answers:
            sent = sock.send(talk.answers[0])
            talk.waiting -= sent
            talk.answers[0] = talk.answers[0][sent:]
            if talk.answers[0]:
                break
            talk.answers.popleft()
