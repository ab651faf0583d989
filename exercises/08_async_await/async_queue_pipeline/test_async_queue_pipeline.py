"""Public tests: run `pytest` in this folder."""

import asyncio

import pytest
from async_queue_pipeline import run_pipeline


class Source:
    """Gives numbers from 0 on, one each turn of the loop; then it ends, raises an error, or waits to be cancelled."""

    def __init__(self, items, afterwards=None):
        self.items = items
        self.afterwards = afterwards
        self.given = 0
        self.cleaned_up = False

    async def __aiter__(self):
        while self.given < self.items:
            await asyncio.sleep(0)
            self.given += 1
            yield self.given - 1
        if self.afterwards == "wait":
            await self._wait_to_be_cancelled()
        if self.afterwards is not None:
            await settle(turns=10)
            raise self.afterwards

    async def _wait_to_be_cancelled(self):
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            await asyncio.sleep(0)
            self.cleaned_up = True


class Work:
    """A worker in the hands of the test: each call is in progress until the test answers."""

    def __init__(self):
        self.answers = {}
        self.cleaned_up = []

    async def __call__(self, item):
        self.answers[item] = asyncio.get_running_loop().create_future()
        try:
            return await self.answers[item]
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            self.cleaned_up.append(item)
            raise

    @property
    def begun(self):
        return list(self.answers)


async def settle(turns=100):
    """Let every task run until it waits for the test: far fewer turns of the loop would do."""
    for _ in range(turns):
        await asyncio.sleep(0)


async def start(source, worker, workers, buffer):
    """Start the call in a task of its own, and return the task when everything waits."""
    call = asyncio.create_task(run_pipeline(source, worker, workers, buffer))
    call.add_done_callback(lambda call: call.cancelled() or call.exception())  # asyncio need not log it, too
    await settle()
    if call.done() and not call.cancelled() and isinstance(call.exception(), NotImplementedError):
        call.result()  # not written yet: better said at once
    return call


def only_the_test_runs():
    return asyncio.all_tasks() == {asyncio.current_task()}


def test_results_are_in_the_order_of_the_source():
    async def scenario():
        work = Work()
        call = await start(Source(3), work, workers=3, buffer=1)
        for item, answer in ((2, "c"), (1, None), (0, "a")):
            work.answers[item].set_result(answer)
            await settle()
        assert call.done(), "every item is done, but the call still waits"
        assert call.result() == ["a", None, "c"]
        assert only_the_test_runs(), "the call has ended, but a task it started has not"

    asyncio.run(scenario())


def test_any_item_is_an_item():
    async def anything():
        for item in (None, 0, None, "", 0):
            yield item

    async def repeat(item):
        return [item]

    assert asyncio.run(run_pipeline(anything(), repeat, workers=2, buffer=1)) == [[None], [0], [None], [""], [0]]


def test_as_many_workers_as_allowed():
    async def scenario():
        work = Work()
        call = await start(Source(5), work, workers=2, buffer=1)
        assert work.begun == [0, 1]
        work.answers[1].set_result("b")
        await settle()
        assert work.begun == [0, 1, 2], "a worker is free, but the next item is not taken up"
        for item in (2, 3, 4, 0):
            work.answers[item].set_result(item)
            await settle()
        assert call.done(), "every item is done, but the call still waits"

    asyncio.run(scenario())


def test_a_fast_source_waits_for_slow_workers():
    async def scenario():
        work, source = Work(), Source(50)
        call = await start(source, work, workers=2, buffer=3)
        assert source.given - len(work.begun) <= 3 + 1, "too many items wait"
        assert source.given - len(work.begun) >= 3, "the buffer is not used"
        work.answers[0].set_result("a")
        await settle()
        assert source.given - len(work.begun) <= 3 + 1, "too many items wait"
        call.cancel()
        await settle()

    asyncio.run(scenario())


def test_the_first_error_of_a_worker_ends_everything():
    async def scenario():
        work = Work()
        error = LookupError("no such page")
        call = await start(Source(50), work, workers=3, buffer=1)
        work.answers[1].set_exception(error)
        await settle()
        assert call.done(), "a worker has failed, but the call still waits"
        assert call.exception() is error
        assert len(work.begun) in (3, 4), "calls still began after the error"  # its place may have been taken already
        others = [item for item in work.begun if item != 1]
        assert sorted(work.cleaned_up) == others, "these items were cancelled and have cleaned up"
        assert only_the_test_runs(), "the call has ended, but a task it started has not"

    asyncio.run(scenario())


def test_an_error_of_the_source_ends_everything():
    async def scenario():
        work = Work()
        error = LookupError("the connection was lost")
        call = await start(Source(2, afterwards=error), work, workers=4, buffer=1)
        assert call.done(), "the source has failed, but the call still waits"
        assert call.exception() is error
        assert sorted(work.cleaned_up) == work.begun == [0, 1], "these items were cancelled and have cleaned up"
        assert only_the_test_runs(), "the call has ended, but a task it started has not"

    asyncio.run(scenario())


def test_cancelling_the_call_cancels_source_and_workers():
    async def scenario():
        work, source = Work(), Source(2, afterwards="wait")
        call = await start(source, work, workers=3, buffer=2)
        call.cancel()
        await settle()
        assert call.done(), "the call was cancelled, but it still waits"
        assert call.cancelled()
        assert source.cleaned_up and sorted(work.cleaned_up) == [0, 1]
        assert only_the_test_runs(), "the call has ended, but a task it started has not"

    asyncio.run(scenario())


def test_a_source_without_items_gives_an_empty_list():
    assert asyncio.run(run_pipeline(Source(0), Work(), workers=2, buffer=1)) == []


@pytest.mark.parametrize(("workers", "buffer"), [(0, 1), (-1, 1), (1, 0)])
def test_less_than_one_is_refused(workers, buffer):
    async def scenario():
        source = Source(1)
        call = await start(source, Work(), workers, buffer)
        assert call.done(), "the call waits instead of refusing its arguments"
        assert isinstance(call.exception(), ValueError)
        assert source.given == 0

    asyncio.run(scenario())
