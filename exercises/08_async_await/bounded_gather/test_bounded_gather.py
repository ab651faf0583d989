"""Public tests: run `pytest` in this folder."""

import asyncio

import pytest
from bounded_gather import bounded_gather


class Job:
    """A factory in the hands of the test: what it returns is in progress until the test answers."""

    def __init__(self):
        self.called = False
        self.cleaned_up = False
        self.answer = asyncio.get_running_loop().create_future()

    def __call__(self):
        self.called = True
        return self._run()

    async def _run(self):
        try:
            return await self.answer
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            self.cleaned_up = True
            raise


async def settle():
    """Let every task run until it waits for the test: far fewer turns of the loop would do."""
    for _ in range(100):
        await asyncio.sleep(0)


async def start(jobs, limit):
    """Start the call in a task of its own, and return the task when everything waits."""
    call = asyncio.create_task(bounded_gather(jobs, limit))
    call.add_done_callback(lambda call: call.cancelled() or call.exception())  # asyncio need not log it, too
    await settle()
    return call


def called(jobs):
    return [job.called for job in jobs]


def only_the_test_runs():
    return asyncio.all_tasks() == {asyncio.current_task()}


def test_results_are_in_input_order():
    async def scenario():
        jobs = [Job() for _ in range(3)]
        call = await start(jobs, limit=3)
        for job, answer in zip(reversed(jobs), ["c", "b", "a"], strict=True):
            job.answer.set_result(answer)
            await settle()
        assert call.done(), "every job is done, but the call still waits"
        assert call.result() == ["a", "b", "c"]
        assert only_the_test_runs(), "the call has ended, but a task it started has not"

    asyncio.run(scenario())


def test_a_factory_is_called_as_soon_as_there_is_room():
    async def scenario():
        jobs = [Job() for _ in range(4)]
        call = await start(jobs, limit=2)
        assert called(jobs) == [True, True, False, False]
        jobs[1].answer.set_result("b")
        await settle()
        assert called(jobs) == [True, True, True, False]
        jobs[2].answer.set_result("c")
        await settle()
        assert called(jobs) == [True, True, True, True]
        jobs[3].answer.set_result("d")
        jobs[0].answer.set_result("a")
        await settle()
        assert call.done(), "every job is done, but the call still waits"
        assert call.result() == ["a", "b", "c", "d"]

    asyncio.run(scenario())


def test_the_first_error_cancels_the_others():
    async def scenario():
        jobs = [Job() for _ in range(4)]
        error = LookupError("no such page")
        call = await start(jobs, limit=2)
        jobs[1].answer.set_exception(error)
        await settle()
        assert call.done(), "one job has failed, but the call still waits"
        assert call.exception() is error
        assert jobs[0].cleaned_up
        assert not jobs[3].called
        assert only_the_test_runs(), "the call has ended, but a task it started has not"

    asyncio.run(scenario())


def test_cancelling_the_call_cancels_what_is_in_progress():
    async def scenario():
        jobs = [Job() for _ in range(3)]
        call = await start(jobs, limit=2)
        call.cancel()
        await settle()
        assert call.done(), "the call was cancelled, but it still waits"
        assert call.cancelled()
        assert [job.cleaned_up for job in jobs] == [True, True, False]
        assert only_the_test_runs(), "the call has ended, but a task it started has not"

    asyncio.run(scenario())


def test_no_factories_give_an_empty_list():
    assert asyncio.run(bounded_gather([], limit=2)) == []


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_refused(limit):
    async def scenario():
        jobs = [Job()]
        call = await start(jobs, limit)
        assert call.done(), "the call waits instead of refusing the limit"
        assert isinstance(call.exception(), ValueError)
        assert not jobs[0].called

    asyncio.run(scenario())
