"""Celery for scenarios: workers are processes of their own, forked from the player, on kombu's transport of files.

What a broker must have besides is added: a message that a worker has taken stays until it is acknowledged, and is
delivered again when the worker dies. And the time that a task is to wait for is the judge's: for each message with an
ETA a worker calls `later(seconds)`, and goes on with it when that is answered. Nobody polls, so the judge knows at once
when nothing moves.

    def run(student, orders, workers):
        with application() as app, Workers(app, workers) as running:
            task = ...
            results = [task.delay(order) for order in orders]
            running.until_calm()
            return [outcome_of(result) for result in results]

What is used here is bound before the student's file is loaded, so that it stays the original.
"""

from __future__ import annotations

import json
import logging
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from os import _exit, close, fork, getpid, kill, pipe, read, rename, set_blocking, waitpid, write
from pathlib import Path
from queue import Empty
from select import select
from signal import SIGKILL
from tempfile import TemporaryDirectory
from threading import Thread
from time import monotonic_ns
from typing import Any

from celery import Celery, _state
from celery.backends.filesystem import FilesystemBackend
from celery.result import AsyncResult
from celery.utils.timer2 import Entry, Timer
from kombu.transport import filesystem, virtual

from .callbacks import DirectCallback

# It stands still in workers, so that an ETA tells for how long its task is to wait; to Celery, one in the past is none.
_NOW = datetime(2200, 1, 1, tzinfo=UTC)

calm, later = DirectCallback("calm"), DirectCallback("later")


# ------------------------------------------------------------------ broker


class _Bell:
    """Rung by anybody, also before anybody waits; each ring is heard by one process that has it from before a fork."""

    def __init__(self) -> None:
        self._heard, self._rung = pipe()
        set_blocking(self._heard, False)

    def ring(self, times: int = 1) -> None:
        write(self._rung, bytes(times))

    def heard(self) -> bool:
        """Whether there was a ring that nobody else has heard."""
        try:
            return bool(read(self._heard, 1))
        except BlockingIOError:
            return False

    def fileno(self) -> int:
        return self._heard

    def close(self) -> None:
        close(self._heard)
        close(self._rung)


class _Delivered(virtual.QoS):
    """Tells the channel what is acknowledged. A worker that looks for a message has nothing else to do."""

    def can_consume(self) -> bool:
        return True

    def ack(self, delivery_tag: str) -> None:
        super().ack(delivery_tag)
        self.channel.forget(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        super().reject(delivery_tag, requeue)
        self.channel.forget(delivery_tag)


class _Channel(filesystem.Channel):
    """What a process has taken is kept in a folder of its own. A message is there when it is whole."""

    QoS = _Delivered

    def _put(self, queue: str, payload: dict[str, Any], **how: Any) -> None:
        name = f"{monotonic_ns():020}-{getpid()}.{queue}.msg"
        written = Path(self.transport_options["written"], name)
        written.write_text(json.dumps(payload))
        written.rename(Path(self.data_folder_out, name))
        self.transport_options["arrived"].ring()

    def _get(self, queue: str) -> Any:
        """Somebody else may take the message that we have been rung for, and leave us the one that came later."""
        while any(file.name.partition(".")[2] == f"{queue}.msg" for file in Path(self.data_folder_in).iterdir()):
            with suppress(Empty):
                return super()._get(queue)
        raise Empty

    @property
    def processed_folder(self) -> Path:
        folder = Path(self.transport_options["taken"], str(getpid()))
        folder.mkdir(exist_ok=True)
        return folder

    def forget(self, delivery_tag: str) -> None:
        for file in self.processed_folder.iterdir():
            if json.loads(file.read_bytes())["properties"]["delivery_tag"] == delivery_tag:
                file.unlink()


class _Transport(filesystem.Transport):
    Channel = _Channel

    def drain_events(self, connection: Any, timeout: float | None = None) -> None:
        """A worker carries out one task that is due, or one that has arrived, however long it has to wait."""
        due, arrived = _JudgesTimer.due, self.client.transport_options["arrived"]
        ready = select([due, arrived], [], [])[0]
        if due in ready:
            due.next_one()()
        elif arrived.heard():
            with suppress(Empty):
                self.cycle.get(self._deliver)


class _Results(FilesystemBackend):
    """A result is there when it is whole."""

    def set(self, key: bytes, value: bytes | str) -> None:
        name = key + b"-%d" % getpid()
        super().set(name, value)
        rename(self._filename(name), self._filename(key))


class _Due(_Bell):
    """Tasks whose time has come, and that a worker has not begun yet."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: deque[Entry] = deque()

    def add(self, entry: Entry) -> None:
        self._entries.append(entry)
        self.ring()

    def next_one(self) -> Entry:
        self.heard()
        return self._entries.popleft()


class _JudgesTimer(Timer):
    """A worker's timer, for tasks with an ETA. What is due is carried out where all other tasks are."""

    due: _Due  # a worker has one

    def call_at(self, eta: float, call: Any, args: tuple[Any, ...] = (), **how: Any) -> Entry:
        """`eta` has been through two clocks; that of the task has not."""
        entry = Entry(call, args)
        seconds = (args[0].eta - _NOW).total_seconds()
        Thread(target=self._once_it_is_time, args=(seconds, entry), daemon=True).start()
        return entry

    def _once_it_is_time(self, seconds: float, entry: Entry) -> None:
        later(seconds)
        self.due.add(entry)


@contextmanager
def application() -> Iterator[Celery]:
    """An application whose broker and results are files, for as long as it lasts."""
    shared = set(_state._on_app_finalizers)
    try:
        with TemporaryDirectory() as folder, closing(_Bell()) as arrived:
            yield _application(Path(folder), arrived)
    finally:
        _state._on_app_finalizers.intersection_update(shared)  # its tasks would be those of the next one, too


def _application(folder: Path, arrived: _Bell) -> Celery:
    parts = queues, control, taken, written, results = [
        folder / name for name in ("queues", "control", "taken", "written", "results")
    ]
    for part in parts:
        part.mkdir()
    app = Celery("judged", set_as_current=False)
    app._backend = _Results(f"file://{results}", app=app)
    app.conf.update(
        broker_transport=_Transport,
        broker_transport_options={
            "data_folder_in": str(queues),
            "data_folder_out": str(queues),
            "control_folder": str(control),
            "store_processed": True,
            "taken": str(taken),
            "written": str(written),
            "arrived": arrived,
        },
        worker_timer=_JudgesTimer,
        worker_enable_remote_control=False,
        worker_prefetch_multiplier=1,
    )
    app.now = lambda: _NOW
    app.set_default()
    _declare_queues(app)
    return app


def _declare_queues(app: Celery) -> None:
    """Before there are workers: they would read a file of the transport's that one of them has begun to write."""
    with app.connection_for_write() as connection:
        for queue in app.amqp.queues.values():
            queue(connection.default_channel).declare()


# ------------------------------------------------------------------ workers


class Workers:
    """So many processes that carry out an application's tasks, one at a time each; whoever dies is replaced."""

    def __init__(self, app: Celery, number: int) -> None:
        self._app, self._number = app, number
        options = app.conf.broker_transport_options
        self._taken, self._queues = Path(options["taken"]), Path(options["data_folder_in"])
        self._arrived: _Bell = options["arrived"]
        self._living: dict[int, int] = {}  # by what is at its end when it has died

    def __enter__(self) -> Workers:
        for _ in range(self._number):
            self._start()
        return self

    def __exit__(self, *exception: object) -> None:
        """They are killed: a worker that is asked to end looks at that every two seconds, when nothing has come."""
        for ended, pid in self._living.items():
            kill(pid, SIGKILL)
            waitpid(pid, 0)
            close(ended)

    def _start(self) -> None:
        ended, living = pipe()
        pid = fork()
        if pid == 0:
            with suppress(BaseException):
                self._work()
            _exit(1)
        close(living)
        self._living[ended] = pid

    def _work(self) -> None:
        logging.getLogger("celery").setLevel(logging.CRITICAL + 1)  # what becomes of tasks is told by their results
        _JudgesTimer.due = _Due()
        self._app.WorkController(
            pool="solo",
            concurrency=1,
            use_eventloop=False,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
        ).start()

    def until_calm(self) -> None:
        """Until the judge says that nothing moves any more: no task is carried out, and none waits for its time."""
        with closing(_Bell()) as calmed:
            Thread(target=_ring_when_calm, args=(calmed,)).start()
            while calmed.fileno() not in (ready := select([calmed.fileno(), *self._living], [], [])[0]):
                for ended in ready:
                    self._replace(ended)

    def _replace(self, ended: int) -> None:
        pid = self._living.pop(ended)
        close(ended)
        waitpid(pid, 0)
        self._deliver_again(pid)
        self._start()

    def _deliver_again(self, pid: int) -> None:
        """What it had taken; an ETA that has passed once is over. It may have heard of a message and not taken it."""
        folder = self._taken / str(pid)
        files = sorted(folder.iterdir()) if folder.exists() else []
        for file in files:
            message = json.loads(file.read_bytes())
            message["headers"] |= {"eta": None, "redelivered": True}
            message["properties"]["delivery_info"]["redelivered"] = True
            file.write_text(json.dumps(message))
            file.rename(self._queues / file.name)
        self._arrived.ring(len(files) + 1)


def _ring_when_calm(calmed: _Bell) -> None:
    calm()
    calmed.ring()


def outcome_of(result: AsyncResult) -> list[Any]:
    """State, value, and the type and text of the exception, as the result back end has them."""
    state, value = result.state, result.result
    if isinstance(value, BaseException):
        return [state, None, type(value).__name__, str(value)]
    return [state, value, "", ""]
