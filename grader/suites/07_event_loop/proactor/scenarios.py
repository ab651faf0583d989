"""Has `Proactor` carry out what the judge asks for, on connections whose other ends are the judge's."""

from concurrent.futures import Future
from functools import partial
from socket import MSG_DONTWAIT, SHUT_WR, SO_RCVBUF, SOL_SOCKET

from grader.player.callbacks import Callback
from grader.player.network import accept, accept_stop


class Operations:
    """Asks for operations as the judge commands, and tells what becomes of them."""

    def __init__(self, student, number):
        self.end = Future()
        self.proactor = student.Proactor()
        self._stop, self._control = accept_stop(), accept()
        self._sockets = [accept() for _ in range(number)]
        self._futures = {}
        self._tell, self._next = Callback("tell"), Callback("next")

    def begin(self):
        """From now on the judge's commands are obeyed, and `stop` completes `end`."""
        self.proactor.recv(self._stop, 1).add_done_callback(lambda _: self.end.set_result("the end"))
        self.listen()

    def listen(self, heard=None):
        """Each byte that comes stands for some commands."""
        self.proactor.recv(self._control, 1).add_done_callback(self.listen)
        if heard is not None:
            self.obey(self._next())

    def obey(self, commands):
        for name, *arguments in commands:
            getattr(self, name)(*arguments)

    def recv(self, number, sock, n):
        self._await(number, self.proactor.recv(self._sockets[sock], n))

    def send(self, number, sock, size):
        self._await(number, self.proactor.send(self._sockets[sock], content(number, size)))

    def _await(self, number, future):
        self._futures[number] = future
        if future.done():
            self._tell(number, "done at once", None)
        future.add_done_callback(partial(self._completed, number))

    def _completed(self, number, future):
        kind, value = _outcome(future)
        if type(value) is bytes and len(value) > 10_000:
            value = len(value)  # too large to be told
        self.obey(self._tell(number, kind, value))

    def cancel(self, number):
        self._tell(number, "cancel", self._futures[number].cancel())

    def close(self, sock):
        self._sockets[sock].close()

    def accept(self):
        self._sockets.append(accept())

    def end_sending(self, sock):
        """Nothing can be sent any more."""
        self._sockets[sock].shutdown(SHUT_WR)

    def enlarge(self, sock):
        """The system keeps more of what is to be received."""
        self._sockets[sock].setsockopt(SOL_SOCKET, SO_RCVBUF, 1 << 20)

    def fill(self, sock):
        """Sends, without an operation, until the system takes no more."""
        try:
            while True:
                self._sockets[sock].send(bytes(1000), MSG_DONTWAIT)
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
        return "raised", [kind.__name__ for kind in type(error).__mro__]
    return "result", future.result()


def operate(student, number):
    """Until the judge says `stop`."""
    operations = Operations(student, number)
    operations.begin()
    return operations.proactor.run_until(operations.end)


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
    return [_chain(student, length, ask) for ask in (_recv_one(sock), _send_nothing(sock))]


def _recv_one(sock):
    return lambda proactor: proactor.recv(sock, 1)


def _send_nothing(sock):
    return lambda proactor: proactor.send(sock, b"")


def _chain(student, length, ask):
    proactor, end, left = student.Proactor(), Future(), [length]

    def go_on(future):
        left[0] -= 1
        if left[0] == 0 or future.exception() is not None:
            end.set_result(left[0])
        else:
            ask(proactor).add_done_callback(go_on)

    ask(proactor).add_done_callback(go_on)
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
            tell(name, "raised", [kind.__name__ for kind in type(error).__mro__])

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
