"""Celery for scenarios: workers are processes of their own, forked from the player, on kombu's transport of files.

What a broker must have besides is added: a message that a worker has taken stays until it is acknowledged, and is
delivered again when the worker dies. And the time that a task is to wait for is the judge's: for each message with an
ETA a worker calls `later(seconds)`, and goes on with it when that is answered.

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
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from os import WNOHANG, _exit, fork, getpid, kill, waitpid
from pathlib import Path
from signal import SIGKILL
from tempfile import TemporaryDirectory
from threading import Thread
from time import monotonic_ns, sleep
from typing import Any

from celery import Celery, _state
from celery.result import AsyncResult
from celery.utils.timer2 import Entry, Timer
from celery.worker.state import active_requests, reserved_requests
from kombu.transport import filesystem, virtual

from .callbacks import DirectCallback

_POLL_S = 0.01
# It stands still in workers, so that an ETA tells for how long its task is to wait; to Celery, one in the past is none.
_NOW = datetime(2200, 1, 1, tzinfo=UTC)

calm, later = DirectCallback("calm"), DirectCallback("later")


# ------------------------------------------------------------------ broker


class _Delivered(virtual.QoS):
    """Tells the channel what is acknowledged. A worker takes a message when it has nothing to do."""

    def can_consume(self) -> bool:
        return not (reserved_requests or active_requests)

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
    polling_interval = _POLL_S


class _JudgesTimer(Timer):
    """A worker's timer, for tasks with an ETA."""

    def call_at(self, eta: float, call: Any, args: tuple[Any, ...] = (), **how: Any) -> Entry:
        """`eta` has been through two clocks; that of the task has not."""
        entry = Entry(call, args)
        seconds = (args[0].eta - _NOW).total_seconds()
        Thread(target=_once_it_is_time, args=(seconds, entry), daemon=True).start()
        return entry


def _once_it_is_time(seconds: float, entry: Entry) -> None:
    later(seconds)
    entry()


@contextmanager
def application() -> Iterator[Celery]:
    """An application whose broker and results are files, for as long as it lasts."""
    shared = set(_state._on_app_finalizers)
    try:
        with TemporaryDirectory() as folder:
            yield _application(Path(folder))
    finally:
        _state._on_app_finalizers.intersection_update(shared)  # its tasks would be those of the next one, too


def _application(folder: Path) -> Celery:
    parts = queues, control, taken, written, results = [
        folder / name for name in ("queues", "control", "taken", "written", "results")
    ]
    for part in parts:
        part.mkdir()
    app = Celery("judged", backend=f"file://{results}", set_as_current=False)
    app.conf.update(
        broker_transport=_Transport,
        broker_transport_options={
            "data_folder_in": str(queues),
            "data_folder_out": str(queues),
            "control_folder": str(control),
            "store_processed": True,
            "taken": str(taken),
            "written": str(written),
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
        self._pids: list[int] = []

    def __enter__(self) -> Workers:
        self._pids = [self._start() for _ in range(self._number)]
        return self

    def __exit__(self, *exception: object) -> None:
        """They are killed: a worker that is asked to end looks at that every two seconds, when nothing has come."""
        for pid in self._pids:
            kill(pid, SIGKILL)
            waitpid(pid, 0)

    def _start(self) -> int:
        pid = fork()
        if pid == 0:
            with suppress(BaseException):
                self._work()
            _exit(1)
        return pid

    def _work(self) -> None:
        logging.getLogger("celery").setLevel(logging.CRITICAL + 1)  # what becomes of tasks is told by their results
        self._app.WorkController(
            pool="threads",
            concurrency=1,
            use_eventloop=False,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
        ).start()

    def until_calm(self) -> None:
        """Until the judge says that nothing moves any more: no task is carried out, and none waits for its time."""
        asking = Thread(target=calm)
        asking.start()
        while asking.is_alive():
            self._replace_the_dead()
            sleep(_POLL_S)

    def _replace_the_dead(self) -> None:
        for place, pid in enumerate(self._pids):
            if waitpid(pid, WNOHANG)[0]:
                self._deliver_again(pid)
                self._pids[place] = self._start()

    def _deliver_again(self, pid: int) -> None:
        """What it had taken; an ETA that has passed once is over."""
        folder = self._taken / str(pid)
        for file in sorted(folder.iterdir()) if folder.exists() else ():
            message = json.loads(file.read_bytes())
            message["headers"] |= {"eta": None, "redelivered": True}
            message["properties"]["delivery_info"]["redelivered"] = True
            file.write_text(json.dumps(message))
            file.rename(self._queues / file.name)


def outcome_of(result: AsyncResult) -> list[Any]:
    """State, value, and the type and text of the exception, as the result back end has them."""
    state, value = result.state, result.result
    if isinstance(value, BaseException):
        return [state, None, type(value).__name__, str(value)]
    return [state, value, "", ""]
