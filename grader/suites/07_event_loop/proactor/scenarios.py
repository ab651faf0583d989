"""Has `Proactor` carry out what the judge asks for, on connections whose other ends are the judge's."""

from concurrent.futures import Future
from functools import partial
from socket import MSG_DONTWAIT, SHUT_WR, SO_RCVBUF, SOL_SOCKET

from grader.player.callbacks import Callback
from grader.player.network import accept, accept_stop


class Operations:
    """Asks for operations as the judge commands, and tells what becomes of them.

    There may be several proactors; then each place, which is where a socket is, belongs to one of them.
    """

    def __init__(self, student, number, proactors=1):
        self._proactors = [student.Proactor() for _ in range(proactors)]
        self._stop, self._control = accept_stop(), accept()
        self._sockets = [accept() for _ in range(number)]
        self._futures = {}  # of operations by their numbers, and the caller's own by their names
        self._asked_when_done = set()  # of operations: that were asked for when run_until was about to end
        self._running = self._until = None
        self._asking = False
        self._tell, self._next = Callback("tell"), Callback("next")

    def until_stop(self):
        """Obeys the judge until it says `stop`, in one run."""
        end = self._until = Future()
        self._running = self._proactors[0]
        self._running.recv(self._stop, 1).add_done_callback(lambda _: end.set_result("the end"))
        self.listen()
        return self._running.run_until(end)

    def listen(self, heard=None):
        """Each byte that comes stands for some commands."""
        self._proactors[0].recv(self._control, 1).add_done_callback(self.listen)
        if heard is not None:
            self.obey(self._next())

    def in_runs(self):
        """Obeys the judge as long as it has something to say. One of its commands is to run."""
        between = Callback("between")
        while between():
            while commands := self._next():
                self.obey(commands)

    def obey(self, commands):
        for name, *arguments in commands:
            getattr(self, name)(*arguments)

    def more(self, number):
        self.obey(self._next(number))

    def run(self, proactor, name):
        self._running, self._until = self._proactors[proactor], self._future(name)
        self._asked_when_done.clear()
        try:
            ended = ["returned", _small(self._running.run_until(self._until))]
        except BaseException as error:
            ended = ["raised", _kinds(error)]
        self._running = self._until = None
        self._tell(None, "ended", ended)

    def _future(self, name):
        if name not in self._futures:
            self._futures[name] = Future()
        return self._futures[name]

    def finish(self, name, how):
        """Completes one of the caller's own."""
        future = self._future(name)
        if how == "cancel":
            future.cancel()
        elif how == "error":
            future.set_exception(LookupError("mine"))
        else:
            future.set_result("own")

    def recv(self, number, place, n):
        self._ask(number, place, "recv", n)

    def send(self, number, place, size):
        self._ask(number, place, "send", content(number, size))

    def _ask(self, number, place, name, what):
        proactor = self._proactors[place % len(self._proactors)]
        if self._until is not None and self._until.done():
            self._asked_when_done.add(number)
        self._asking = True
        try:
            future = getattr(proactor, name)(self._sockets[place], what)
        finally:
            self._asking = False
        self._futures[number] = future
        if future.done():
            self._tell(number, "untimely", "when it was returned")
        future.add_done_callback(partial(self._completed, number, proactor))

    def _completed(self, number, proactor, future):
        kind, value = _outcome(future)
        if kind != "cancelled" and (wrong := self._untimely(number, proactor)):
            self._tell(number, "untimely", wrong)
        self.obey(self._tell(number, kind, _small(value)))

    def _untimely(self, number, proactor):
        if self._asking:
            return "within a call of recv or send"
        if self._running is not proactor:
            return "while run_until did not run"
        return "though it was asked for when the future of run_until was done" * (number in self._asked_when_done)

    def cancel(self, number):
        self._tell(number, "cancel", self._futures[number].cancel())

    def close(self, place):
        self._number = self._sockets[place].fileno()
        self._sockets[place].close()

    def open(self, place):
        """Another one in its place, with the number of the one that was closed last, if that is free."""
        same = [accept()]
        while same[-1].fileno() < self._number:
            same.append(same[-1].dup())
        self._sockets[place] = same.pop()
        for sock in same:
            sock.close()

    def end_sending(self, place):
        """Nothing can be sent any more."""
        self._sockets[place].shutdown(SHUT_WR)

    def block(self, place, timeout):
        self._sockets[place].settimeout(timeout)

    def enlarge(self, place):
        """The system keeps more of what is to be received."""
        self._sockets[place].setsockopt(SOL_SOCKET, SO_RCVBUF, 1 << 20)

    def fill(self, place):
        """Sends, without an operation, until the system takes no more."""
        try:
            while True:
                self._sockets[place].send(bytes(1000), MSG_DONTWAIT)
        except BlockingIOError:
            pass

    def pause(self):
        Callback("pause")()

    def fail(self):
        raise LookupError("in a callback")


def content(number, size):
    """What an operation sends: the same as in the suite. Too large to be told."""
    pattern = bytes((number * 31 + at) % 251 for at in range(251))
    return (pattern * (size // 251 + 1))[:size]


def _outcome(future):
    if future.cancelled():
        return "cancelled", None
    if (error := future.exception()) is not None:
        return "raised", _kinds(error)
    return "result", future.result()


def _kinds(error):
    return [kind.__name__ for kind in type(error).__mro__]


def _small(value):
    """What is too large to be told is told by its length."""
    return len(value) if type(value) is bytes and len(value) > 10_000 else value


def operate(student, number):
    """Until the judge says `stop`."""
    return Operations(student, number).until_stop()


def operate_in_runs(student, number):
    """Two proactors."""
    Operations(student, number, 2).in_runs()
    return "the end"


def refuse(student, sizes):
    """Asks for receiving so many bytes; tells what was raised."""
    stop = accept_stop()
    proactor = student.Proactor()
    told = []
    for n in sizes:
        try:
            proactor.recv(stop, n)
            told.append("nothing")
        except ValueError:
            told.append("ValueError")
    return told


def before_run_until(student):
    """Asks for a lot, and does not run."""
    accept_stop()
    sock, tell = accept(), Callback("tell")
    proactor = student.Proactor()
    tell("has come", None, None)
    futures = [proactor.recv(sock, 10), proactor.send(sock, b"too early")]
    return [tell("asked", future.done(), None) for future in futures]


def chains(student, length):
    """Each operation is asked for by the callback of the one before."""
    accept_stop()
    sock = accept()
    told = [_chain(student, length, ask) for ask in (_recv_one(sock), _send_nothing(sock))]
    sock.close()
    return [*told, *(_chain(student, length, ask) for ask in (_recv_one(sock), _send_nothing(sock)))]


def _recv_one(sock):
    return lambda proactor: proactor.recv(sock, 1)


def _send_nothing(sock):
    return lambda proactor: proactor.send(sock, b"")


def _chain(student, length, ask):
    proactor, end, left = student.Proactor(), Future(), [length]

    def go_on(future):
        left[0] -= 1
        if left[0] == 0:
            end.set_result(left[0])
        else:
            ask(proactor).add_done_callback(go_on)

    ask(proactor).add_done_callback(go_on)
    return proactor.run_until(end)


def crowded(student, kinds, most):
    """Chains of operations on sockets that are ready, and others beside them; which are not done after so many links.

    A chain ends when all others are done.
    """
    accept_stop()
    sockets = [accept() for _ in kinds]
    Callback("ready")()
    proactor, end = student.Proactor(), Future()
    others = {place: kind for place, kind in enumerate(kinds) if kind[0] == "once"}
    links = [0]

    def ask(place):
        name, what = kinds[place][1:]
        return getattr(proactor, name)(sockets[place], what if name == "recv" else bytes(what))

    def go_on(place, future):
        links[0] += 1
        if not end.done() and links[0] == most:
            end.set_result(sorted(others))
        if not end.done():
            ask(place).add_done_callback(partial(go_on, place))

    def once(place, future):
        del others[place]
        if not others and not end.done():
            end.set_result([])

    for place, (kind, *_) in enumerate(kinds):
        ask(place).add_done_callback(partial(go_on if kind == "chain" else once, place))
    return proactor.run_until(end)


def endless(proactor, sock, run):
    """Each operation is asked for by the one before, for ever; how many were done in a run to the third."""
    third, done, asked = Future(), [], []

    def go_on(future):
        if future.cancelled():
            return
        done.append(future)
        if len(done) == 3:
            third.set_result("third")
        ask()

    def ask():
        asked.append(proactor.recv(sock, 1))
        asked[-1].add_done_callback(go_on)

    ask()
    run("third", third)
    asked[-1].cancel()
    return len(done)


def runs(student):
    """Runs until one future after the other is done, and tells the judge what came of each."""
    accept_stop()
    first, second, never = accept(), accept(), accept()
    proactor, other, tell = student.Proactor(), student.Proactor(), Callback("tell")

    def run(name, future):
        try:
            tell(name, "returned", proactor.run_until(future))
        except BaseException as error:
            tell(name, "raised", _kinds(error))

    one, two, three = (proactor.recv(sock, 10) for sock in (first, second, never))
    other.recv(never, 10)
    run("first", one)
    run("second", two)
    run("second again", two)
    run("at last", three)
    own, failing = Future(), Future()
    proactor.recv(first, 10).add_done_callback(lambda future: own.set_result([future.result()]))
    run("own", own)
    proactor.recv(first, 10).add_done_callback(lambda future: failing.set_exception(LookupError("mine")))
    run("failing", failing)
    taken = proactor.recv(first, 10)
    proactor.recv(second, 10).add_done_callback(lambda future: taken.cancel())
    run("taken back", taken)
    tell("chain", "asked", endless(proactor, first, run))
    run("sent", proactor.send(never, bytes(1_000_000)))
    proactor.recv(never, 10).cancel()
    run("nothing", Future())
    run("done already", one)
    return "the end"
