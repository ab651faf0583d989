"""A client of the judge's that reads little by little, and what the judge knows of the answers that wait for it."""

RAISES, TOO_LONG = "a line for which handle raises", "a line that is too long"
LONGEST = 65536


class SlowReader:
    """It reads what it takes, and in the end all.

    `lines`: those that may be handled, in order; `wanted`: the answers to them. What is sent behind trouble has no part
    in either. `handled`: those that were. `most_waiting`: bytes of answers that waited in the server when one was.
    """

    def __init__(self):
        self.lines, self.wanted = [], b""
        self.handled, self.most_waiting = [], 0
        self._sizes = {}
        self._sent = self._handed_out = 0
        self._trouble, self._says_more = False, True

    def connect(self, net):
        self._net = net
        (self.peer,) = net.connect(1)
        self.peer.reads = False

    def half_close(self):
        self._says_more = False
        self.peer.half_close()

    def send(self, kinds):
        """In one piece, lines with answers of so many bytes, or that are trouble; nothing once it has half-closed."""
        piece = b"".join(self._line(kind) + b"\n" for kind in kinds if self._says_more)
        self._sent += len(piece)
        self.peer.send(piece)

    def _line(self, kind):
        line = b"%d" % len(self._sizes)
        if kind == TOO_LONG:
            line = line.ljust(LONGEST + 1, b".")
        self._sizes[line] = 0 if kind == TOO_LONG else kind
        if not self._trouble and kind != TOO_LONG:
            self.lines.append(line)
        self._trouble = self._trouble or kind in (RAISES, TOO_LONG)
        if not self._trouble:
            self.wanted += line.ljust(kind, b".") + b"\n"
        return line

    def handle(self, line):
        """How long the answer is at least: the line of anybody else is its own. Raises for a line that is trouble."""
        if line not in self._sizes:
            return 0
        self.most_waiting = max(self.most_waiting, self.waiting)
        self.handled.append(line)
        size = self._sizes[line]
        if size == RAISES:
            raise ValueError("bad")
        self._handed_out += max(size, len(line)) + 1
        return size

    @property
    def waiting(self):
        """How many bytes of answers the server has not given to the system, or seems to: 0 if the kernel is mute."""
        gone = self._net.sent_to(self.peer)
        return 0 if gone is None else self._handed_out - gone

    @property
    def was_read(self):
        """How many bytes of its lines the server has read, if the kernel tells."""
        return self._sent - len(self.peer.unsent) - (self._net.unread(self.peer) or 0)
