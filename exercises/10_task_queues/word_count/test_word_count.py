"""Public tests: run `pytest` in this folder. Workers are processes of their own; their broker is a folder of files."""

import json
import os
import signal
import time
from functools import partial

import pytest

celery = pytest.importorskip("celery", reason="This needs Celery: pip install 'concurrency-kit[celery]'")

from kombu.transport import filesystem
from word_count import word_counter

TEXTS = {"emma": "she was she and she", "moby dick": "the whale\nthe  whale", "empty": ""}


class Channel(filesystem.Channel):
    """kombu's own would let a worker read a message that is half written."""

    def _put(self, queue, payload, **_):
        name = f"{time.monotonic_ns():020}-{os.getpid()}.{queue}.msg"
        written = self.data_folder_out / "written" / name
        written.write_text(json.dumps(payload))
        written.rename(self.data_folder_out / name)


class Transport(filesystem.Transport):
    Channel = Channel
    polling_interval = 0.01


class Library:
    """An application with workers. Who reads which text is noted in a file, for workers are other processes."""

    def __init__(self, folder):
        (folder / "written").mkdir()
        self._notes = folder / "notes"
        self._notes.touch()
        self.app = celery.Celery("library", backend=f"file://{folder}", set_as_current=False)
        self.app.set_default()
        self.app.task = partial(self.app.task, shared=False)  # not with the applications of other tests
        folders = {"data_folder_in": folder, "data_folder_out": folder, "control_folder": folder / "control"}
        self.app.conf.update(
            broker_transport=Transport, broker_transport_options=folders, worker_enable_remote_control=False
        )
        self.app.conf.update(task_acks_late=True, worker_prefetch_multiplier=1)  # a message when there is nothing to do
        with self.app.connection() as connection:
            for queue in self.app.amqp.queues.values():
                queue(connection.default_channel).declare()
        self._workers = []

    def read(self, name):
        self._note("begins", name)
        self._note("ends", name)
        return TEXTS[name]

    def meet(self, parties, name):
        """Reads a text when so many are being read. If that never comes, the test hangs: see README.md."""
        self._note("begins", name)
        while sum(what == "begins" for what, _, _ in self.notes) < parties:
            time.sleep(0.01)
        return TEXTS[name]

    def _note(self, what, name):
        with self._notes.open("a") as file:
            file.write(json.dumps([what, name, os.getpid()]) + "\n")

    @property
    def notes(self):
        return [json.loads(line) for line in self._notes.read_text().splitlines()]

    def start_workers(self, number):
        for _ in range(number):
            worker = os.fork()
            if not worker:
                how = {"pool": "threads", "concurrency": 1, "use_eventloop": False}
                self.app.WorkController(**how, without_gossip=True, without_mingle=True, without_heartbeat=True).start()
                os._exit(0)
            self._workers.append(worker)

    def close(self):
        for worker in self._workers:
            os.kill(worker, signal.SIGKILL)
            os.waitpid(worker, 0)


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path)
    yield library
    library.close()


def test_all_texts_are_counted(library):
    start = word_counter(library.app, library.read)
    library.start_workers(2)
    counts = start(iter(["emma", "moby dick", "empty", "emma"])).get(interval=0.01)
    assert counts == {"she": 6, "was": 2, "and": 2, "the": 2, "whale": 2}


def test_there_may_be_nothing_to_count(library):
    start = word_counter(library.app, library.read)
    library.start_workers(1)
    assert start([]).get(interval=0.01) == {}
    assert start(["empty"]).get(interval=0.01) == {}


def test_workers_read_each_text_once(library):
    start = word_counter(library.app, library.read)
    library.start_workers(2)
    start(["emma", "moby dick"]).get(interval=0.01)
    begun = [(name, who) for what, name, who in library.notes if what == "begins"]
    assert sorted(name for name, _ in begun) == ["emma", "moby dick"]
    assert os.getpid() not in {who for _, who in begun}


def test_two_texts_are_read_at_the_same_time(library):
    start = word_counter(library.app, partial(library.meet, 2))
    library.start_workers(2)
    assert start(["emma", "empty"]).get(interval=0.01) == {"she": 3, "was": 1, "and": 1}


def test_it_starts_without_any_worker(library):
    start = word_counter(library.app, library.read)
    result = start(["emma"])
    assert library.notes == []
    library.start_workers(1)
    assert result.get(interval=0.01) == {"she": 3, "was": 1, "and": 1}


def test_a_text_that_is_missing_makes_the_result_fail(library):
    start = word_counter(library.app, library.read)
    library.start_workers(1)
    result = start(["emma", "not there"])
    result.get(interval=0.01, propagate=False)
    assert result.failed()
