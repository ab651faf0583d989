"""Public tests: run `pytest` in this folder. The worker is a process of its own; its broker is a folder of files."""

import json
import os
import signal
import time
from functools import partial

import pytest

celery = pytest.importorskip("celery", reason="This needs Celery: pip install 'concurrency-kit[celery]'")

from kombu.transport import filesystem
from retrying_task import payment_task


class Channel(filesystem.Channel):
    """kombu's own would let the worker read a message that is half written."""

    def _put(self, queue, payload, **_):
        name = f"{time.monotonic_ns():020}.{queue}.msg"
        written = self.data_folder_out / "written" / name
        written.write_text(json.dumps(payload))
        written.rename(self.data_folder_out / name)


class Transport(filesystem.Transport):
    Channel = Channel
    polling_interval = 0.01


class Shop:
    """An application with one worker. The payment service notes its calls in a file, for they come from the worker."""

    def __init__(self, folder):
        self._folder = folder
        self._calls = folder / "calls"
        self._calls.touch()
        (folder / "written").mkdir()
        self.app = celery.Celery("shop", backend=f"file://{folder}", set_as_current=False)
        self.app.set_default()
        self.app.task = partial(self.app.task, shared=False)  # not with the applications of other tests
        folders = {"data_folder_in": folder, "data_folder_out": folder, "control_folder": folder / "control"}
        self.app.conf.update(
            broker_transport=Transport, broker_transport_options=folders, worker_enable_remote_control=False
        )
        with self.app.connection() as connection:
            for queue in self.app.amqp.queues.values():
                queue(connection.default_channel).declare()
        self._worker = 0

    def service(self, *failures):
        """A `charge` that raises these, one after the other, and then gives receipts."""

        def charge(key, order, cents):
            number = len(self.calls)
            with self._calls.open("a") as file:
                file.write(json.dumps([key, order, cents, time.monotonic()]) + "\n")
            if number < len(failures):
                raise failures[number]
            return f"receipt for {key}"

        return charge

    @property
    def calls(self):
        return [json.loads(line) for line in self._calls.read_text().splitlines()]

    def start_worker(self):
        self._worker = os.fork()
        if not self._worker:
            options = {"pool": "threads", "concurrency": 1, "use_eventloop": False}
            self.app.WorkController(**options, without_gossip=True, without_mingle=True, without_heartbeat=True).start()
            os._exit(0)

    def close(self):
        if self._worker:
            os.kill(self._worker, signal.SIGKILL)
            os.waitpid(self._worker, 0)


@pytest.fixture
def shop(tmp_path):
    shop = Shop(tmp_path)
    yield shop
    shop.close()


def test_the_receipt_is_the_result(shop):
    pay = payment_task(shop.app, shop.service())
    shop.start_worker()
    result = pay.delay("order 17", 4200).get(interval=0.01)
    [(key, order, cents, _)] = shop.calls
    assert (order, cents) == ("order 17", 4200)
    assert result == f"receipt for {key}"


def test_one_key_for_each_order(shop):
    pay = payment_task(shop.app, shop.service())
    shop.start_worker()
    results = [pay.delay(order, 1) for order in ("order 1", "order 2", "order 1")]
    first, second, again = [result.get(interval=0.01) for result in results]
    assert first == again != second


def test_it_tries_again_after_a_second(shop):
    pay = payment_task(shop.app, shop.service(ConnectionError("no answer")))
    shop.start_worker()
    assert pay.delay("order 17", 4200).get(interval=0.01).startswith("receipt")
    (key, _, _, before), (other_key, _, _, after) = shop.calls
    assert key == other_key
    assert after - before > 0.5  # a busy machine may take longer than a second, never less


def test_others_are_carried_out_meanwhile(shop):
    pay = payment_task(shop.app, shop.service(ConnectionError("no answer")))
    results = [pay.delay(order, 1) for order in ("order 1", "order 2")]
    shop.start_worker()
    for result in results:
        result.get(interval=0.01)
    assert [order for _, order, _, _ in shop.calls] == ["order 1", "order 2", "order 1"]


def test_the_last_error_is_the_tasks(shop):
    pay = payment_task(shop.app, shop.service(*[ConnectionResetError("gone")] * 9), tries=2)
    shop.start_worker()
    with pytest.raises(ConnectionResetError, match="gone"):
        pay.delay("order 17", 4200).get(interval=0.01)
    assert len(shop.calls) == 2


def test_other_errors_are_final(shop):
    pay = payment_task(shop.app, shop.service(ValueError("no such card")))
    shop.start_worker()
    with pytest.raises(ValueError, match="no such card"):
        pay.delay("order 17", 4200).get(interval=0.01)
    assert len(shop.calls) == 1


def test_messages_are_acknowledged_late(shop):
    pay = payment_task(shop.app, shop.service())
    late = shop.app.conf.task_acks_late if pay.acks_late is None else pay.acks_late
    assert late, "whoever is killed in the middle of the task takes the message along"
