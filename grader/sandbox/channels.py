"""All that comes from a player: the answer to what it was asked, calls of callbacks, what it prints, how it ended."""

from __future__ import annotations

import contextlib
import select
import selectors
import signal
import socket
from collections.abc import Callable
from typing import Any

from grader.player import wire

from . import endings, tcp
from .calls import CallServer, refuse_descriptors, unread_bytes
from .launch import Launched
from .printed import Printed

SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.0005, 0.02  # how long to wait for a message before looking at the processes
_SEND_S = 60.0  # a large request to a player that hardly gets a processor

Handler = Callable[[], None]


class Channels:
    """Reads what arrives, and asks. Raises PlayerEndedError where something is not the harness's. Close it when done.

    `answer`: to the request under way, once it is there. `exit_status`: the player's, once it has ended.
    """

    def __init__(self, launched: Launched) -> None:
        self._control, self._link, self._network = launched.control, launched.link, launched.network
        self._selector = selectors.DefaultSelector()
        self.calls = CallServer(launched.listener, self._selector)
        self.printed = Printed(launched.output, launched.limits.output_mb)
        self.answer: dict[str, Any] | None = None
        self.exit_status: int | None = None
        self._answers = wire.FrameReader()
        self._awaiting = False
        for channel, handler in ((self._control, self._on_control), (self._link, self._on_link)):
            channel.setblocking(False)
            refuse_descriptors(channel)
            self._selector.register(channel, selectors.EVENT_READ, handler)
        self._selector.register(launched.output, selectors.EVENT_READ, self._on_output)
        self._output = launched.output

    def ask(self, request: dict[str, Any], what: str) -> None:
        """Sends it; `what` is being asked for is for the text of an error."""
        if self._has_something_to_say():
            raise endings.foul(f"Something wrote to the harness's channel before {what} was asked for.")
        self._awaiting = True
        self._control.settimeout(_SEND_S)
        with contextlib.suppress(OSError):  # a player that has ended, or does not read, is noticed by the conversation
            self._control.sendall(wire.frame(request))
        self._control.setblocking(False)

    def _has_something_to_say(self) -> bool:
        try:
            return bool(select.select([self._control], [], [], 0)[0] and self._control.recv(1, socket.MSG_PEEK))
        except OSError:  # out-of-band data, say
            return True

    def take_answer(self) -> dict[str, Any]:
        """The answer, which must be there. Another request may follow."""
        assert self.answer is not None
        answer, self.answer, self._awaiting = self.answer, None, False
        return answer

    def wait(self, pause_s: float) -> list[Handler]:
        """Waits for something to arrive; what has arrived is read, and dealt with, by these."""
        return [key.data for key, _ in self._selector.select(pause_s)]

    def connections(self) -> tcp.Ends:
        """What does not change while no byte is received or sent over the network."""
        return self._network.ends()

    def nothing_under_way(self) -> bool:
        """No byte waits to be read, by us or by them."""
        if self._selector.select(0) or self._network.under_way():
            return False
        return not self.calls.unread_answers() and unread_bytes(self._control) == 0

    def _on_control(self) -> None:
        try:
            data = self._control.recv(min(65536, self._answers.wanted()))
            message = self._answers.feed(data)
        except (OSError, wire.ProtocolError) as e:
            raise endings.foul("Bytes that are not the harness's were written to its channel.") from e
        if not data:  # closed; how the player ended comes from its supervisor
            self._selector.unregister(self._control)
        elif message is not None:
            if self.answer is not None or not self._awaiting:
                raise endings.foul("More than one answer was written to the harness's channel.")
            self.answer = message

    def _on_link(self) -> None:
        try:
            self.exit_status = int(wire.receive(self._link)["exit"])
        except (OSError, EOFError, wire.ProtocolError, KeyError):
            self.exit_status = -int(signal.SIGKILL)
        self._selector.unregister(self._link)

    def _on_output(self) -> None:
        if not self.printed.read():
            self._selector.unregister(self._output)

    def close(self) -> None:
        self.calls.close()
        self._selector.close()
