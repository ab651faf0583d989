"""Greenlets in virtual time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from grader.player.schedules import now
from grader.player.schedules.hub import on_virtual_hub
from grader.player.schedules.messages import Plan

from .programs import Found, find, here

gevent = pytest.importorskip("gevent")
locks, pools, queues = (pytest.importorskip(f"gevent.{name}") for name in ("lock", "pool", "queue"))


def explore(function: Callable[[], Any]) -> Found:
    return find(here(explore), lambda: on_virtual_hub(function), Plan(1))


def lost_update() -> None:
    total = {"n": 0}

    def add() -> None:
        seen = total["n"]
        gevent.sleep(1)
        total["n"] = seen + 1

    gevent.joinall([gevent.spawn(add), gevent.spawn(add)])
    assert total["n"] == 2


def crossed() -> None:
    first, second = locks.BoundedSemaphore(1), locks.BoundedSemaphore(1)

    def take(one: Any, other: Any) -> None:
        with one:
            gevent.sleep(0)
            with other:
                pass

    gevent.joinall([gevent.spawn(take, first, second), gevent.spawn(take, second, first)])


def one_sentinel() -> None:
    tasks = queues.Queue()

    def consume() -> None:
        while tasks.get() is not None:
            gevent.sleep(0)

    consumers = [gevent.spawn(consume) for _ in range(2)]
    for task in (1, 2, None):
        tasks.put(task)
    gevent.joinall(consumers)


def depends_on_the_order_of_equal_timers() -> None:
    order: list[str] = []
    gevent.joinall([gevent.spawn_later(1, order.append, name) for name in "ab"])
    assert order == ["a", "b"]


def pool() -> float:
    inside = most = 0

    def work(n: int) -> int:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        gevent.sleep(1)
        inside -= 1
        return n

    assert sorted(pools.Pool(2).imap_unordered(work, range(6))) == list(range(6))
    assert most == 2
    return now()


def queue_with_back_pressure() -> None:
    tasks, done = queues.Queue(1), []

    def produce() -> None:
        for item in (*range(4), None, None):
            tasks.put(item)

    def consume() -> None:
        while (item := tasks.get()) is not None:
            done.append(item)

    gevent.joinall([gevent.spawn(produce), gevent.spawn(consume), gevent.spawn(consume)])
    assert sorted(done) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        (lost_update, "fail"),
        (crossed, "deadlock"),
        (one_sentinel, "deadlock"),
        (depends_on_the_order_of_equal_timers, "race"),
    ],
)
def test_flaws_are_found_and_come_again(function: Callable[[], Any], kind: str) -> None:
    found = explore(function)
    assert (found.kind, found.told["stopped"]["reproduced"]) == (kind, True)


@pytest.mark.parametrize("function", [pool, queue_with_back_pressure])
def test_right_ones_are_not_flagged(function: Callable[[], Any]) -> None:
    found = explore(function)
    assert found.kind == "", found.outcomes[-1]
    assert found.told["schedules"] > 100


def test_time_is_virtual_and_exact() -> None:
    assert {outcome["value"] for outcome in explore(pool).outcomes} == {3.0}


def test_a_timeout_comes_in_virtual_time() -> None:
    def too_slow() -> float:
        with gevent.Timeout(3600, False):
            gevent.sleep(7200)
        return now()

    assert explore(too_slow).outcomes[0]["value"] == 3600.0
