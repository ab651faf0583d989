"""Coroutines in virtual time: exact moments, deadlocks at once, and what was left, blocked or never awaited."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.player.schedules import latency, now
from grader.player.schedules.messages import Plan, ToldOutcome

from .programs import Found, find, here


def explore(scenario: Callable[[], Any], go_on: Callable[[ToldOutcome], bool] | None = None) -> Found:
    return find(here(explore), scenario, Plan(1), go_on)


def everything(outcome: ToldOutcome) -> bool:
    return True


def test_moments_are_exact_and_cost_no_time() -> None:
    async def scenario() -> list[float]:
        moments = []
        for seconds in (3600, 0.25, 86400):
            await asyncio.sleep(seconds)
            moments.append(now())
        return moments

    found = explore(scenario)
    assert {tuple(outcome["value"]) for outcome in found.outcomes} == {(3600.0, 3600.25, 90000.25)}


def test_latencies_are_exact_in_the_plain_schedule_only() -> None:
    async def scenario() -> float:
        await latency(2)
        return now()

    moments = [outcome["value"] for outcome in explore(scenario, everything).outcomes]
    assert moments[0] == 2.0
    assert len(set(moments)) > 100 and all(2 <= moment <= 20 for moment in moments)


def test_equal_timers_fire_in_any_order_but_callbacks_in_theirs() -> None:
    async def scenario() -> list[str]:
        loop = asyncio.get_running_loop()
        order: list[str] = []
        for name in "abc":
            loop.call_later(1, order.append, f"timer {name}")
        for name in "abc":
            loop.call_soon(order.append, f"call {name}")
        await asyncio.sleep(2)
        return order

    orders = {tuple(outcome["value"]) for outcome in explore(scenario, everything).outcomes}
    assert {order[:3] for order in orders} == {("call a", "call b", "call c")}
    assert len({order[3:] for order in orders}) == 6


def test_a_deadlock_names_the_tasks_and_their_lines() -> None:
    async def scenario() -> None:
        never = asyncio.get_running_loop().create_future()

        async def patient() -> None:
            await never

        await asyncio.gather(patient(), patient())

    found = explore(scenario)
    assert found.kind == "deadlock"
    shown = found.told["stopped"]["interleaving"]
    waits = {shown["actors"][actor]: what for actor, what in shown["waits"]}
    line = patient_line()
    assert waits["task 1 (patient)"] == waits["task 2 (patient)"] == f"waits at line {line}"


def patient_line() -> int:
    lines = Path(__file__).read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.strip() == "await never")


def test_tasks_left_behind_are_counted_also_if_hidden() -> None:
    async def scenario() -> None:
        task = asyncio.create_task(asyncio.sleep(10))
        asyncio.tasks._unregister_task(task)
        asyncio.create_task(asyncio.sleep(10))  # noqa: RUF006 - that is the point

    assert explore(scenario).outcomes[0]["tasks"] == 2


def test_coroutines_never_awaited_are_counted() -> None:
    async def scenario() -> None:
        asyncio.sleep(1)  # type: ignore[unused-coroutine]
        unused: list[Any] = [asyncio.sleep(2)]
        unused.append(unused)  # only the garbage collector finds it

    assert explore(scenario).outcomes[0]["never_awaited"] == 2


def test_waiting_without_await_is_told_with_its_line() -> None:
    async def scenario() -> float:
        lock = threading.Lock()
        lock.acquire()
        time.sleep(5)
        lock.acquire(timeout=7)
        return now()

    outcome = explore(scenario).outcomes[0]
    assert outcome["value"] == 12.0
    assert [place.partition(" (line ")[0] for place in outcome["blocked"]] == ["time.sleep", "waiting for a lock"]


def test_waiting_for_a_thread_is_not_blocking() -> None:
    async def scenario() -> float:
        await asyncio.gather(asyncio.to_thread(time.sleep, 5), asyncio.sleep(5))
        return now()

    for outcome in explore(scenario).outcomes:
        assert (outcome["value"], outcome["blocked"]) == (5.0, [])


def test_the_loop_that_code_starts_itself_is_virtual_too() -> None:
    def scenario() -> float:
        asyncio.run(asyncio.sleep(3600))
        return now()

    assert explore(scenario).outcomes[0]["value"] == 3600.0


def test_an_endless_loop_of_callbacks_is_a_livelock() -> None:
    async def scenario() -> None:
        while True:
            await asyncio.sleep(0)

    assert explore(scenario).kind == "livelock"


def test_a_task_that_refuses_to_be_cancelled_does_not_hide_the_outcome() -> None:
    async def scenario() -> str:
        async def stubborn() -> None:
            while True:
                try:
                    await asyncio.sleep(10)
                except asyncio.CancelledError:
                    await asyncio.get_running_loop().create_future()

        asyncio.create_task(stubborn())  # noqa: RUF006 - that is the point
        await asyncio.sleep(1)
        return "said"

    outcome = explore(scenario).outcomes[0]
    assert (outcome["value"], outcome["tasks"]) == ("said", 1)
