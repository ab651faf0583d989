"""Drives `BoundedQueue` inside the sandbox. Nobody is preempted in here, so plain lists and counters are exact."""

from builtins import ValueError, getattr, range
from functools import partial
from queue import Empty, Full
from threading import Thread

from grader.player.callbacks import Callback
from grader.player.ready_made import ReadyMade
from grader.player.schedules import now, pause, together


def hand_over(student, item):
    """What one thread gets that puts it itself, then one that does not; and the ready-made classes in the queue."""
    ready_made = ReadyMade()
    with ready_made.watching():
        queue = student.BoundedQueue(1)
        queue.put(item)
        got = [queue.get()]
        queue.task_done()
        got += together(queue.get, partial(queue.put, item))[:1]
        together(queue.join, queue.task_done)
    ready_made.look_at(queue)
    return {"got": got, "made": ready_made.names}


def act(student, maxsize, actors):
    """For each actor a thread that makes its calls: `[moment, method, arguments, keywords]`.

    Returns, by actor and call, when it ended, and what came of it. A second queue stands beside it, to be left alone.
    """
    queue, beside = student.BoundedQueue(maxsize), student.BoundedQueue(1)
    beside.put("beside")

    def actor(calls):
        ended = []
        for moment, method, arguments, keywords in calls:
            pause(max(0, moment - now()))
            what = _outcome(getattr(queue, method), arguments, keywords)
            ended.append([now(), what])
        return ended

    return together(*(partial(actor, calls) for calls in actors))


def _outcome(call, arguments, keywords):
    """What the call returned, in a list; or in words which exception it raised."""
    try:
        return [call(*arguments, **keywords)]
    except Full:
        return "raises queue.Full"
    except Empty:
        return "raises queue.Empty"
    except ValueError:
        return "raises ValueError"


def exchange(student, maxsize, puts, gets):
    """A producer for each list of items, and a consumer for each number of items: what each of these got."""
    queue = student.BoundedQueue(maxsize)

    def produce(items):
        for item in items:
            queue.put(item)

    def consume(count):
        return [queue.get() for _ in range(count)]

    consumers, producers = (partial(consume, count) for count in gets), (partial(produce, items) for items in puts)
    return together(*consumers, *producers)[: len(gets)]


def compete(student, maxsize, waiting, puts, gets, timeout):
    """Threads with time-outs that put one item each, or get one, while these items are waiting: what came of it.

    `left` is what is in the queue in the end.
    """
    queue = student.BoundedQueue(maxsize)
    for item in waiting:
        queue.put(item)
    producers = [partial(_outcome, queue.put, [item], {"timeout": timeout}) for item in puts]
    consumers = [partial(_outcome, queue.get, [], {"timeout": timeout})] * gets
    outcomes = together(*producers, *consumers)
    left = []
    while (item := _outcome(queue.get, [], {"block": False})) != "raises queue.Empty":
        left += item
        if len(left) > len(waiting) + len(puts):
            break
    return {"put": outcomes[: len(puts)], "got": outcomes[len(puts) :], "left": left}


def work(student, items, workers, joiners):
    """A producer, workers that get an item and say that it is done, and threads that join.

    Returns how many tasks were done when those `join` returned that were called after all had been put.
    """
    queue = student.BoundedQueue(len(items))
    done = 0

    def join():
        queue.join()
        return done

    def produce():
        for item in items:
            queue.put(item)
        return join() if joiners else done

    def worker():
        nonlocal done
        for _ in range(len(items) // workers):
            queue.get()
            done += 1
            queue.task_done()

    at_once = together(produce, *[queue.join] * joiners, *[worker] * workers)[0]
    return [at_once, join()] if joiners else [join()]


def held(student):
    """Threads of the system wait in `get`, `put` and `join` until the judge lets this one go on."""
    empty, patient, full = (student.BoundedQueue(1) for _ in range(3))
    resume = Callback("resume")
    full.put("first")
    got = []
    waiting = [
        lambda: got.append(empty.get()),
        lambda: got.append(patient.get(timeout=3600)),
        lambda: full.put("second"),
        full.join,
    ]
    threads = [Thread(target=wait) for wait in waiting]
    for thread in threads:
        thread.start()
    resume()
    empty.put("third")
    patient.put("fourth")
    for _ in range(2):
        got.append(full.get())
        full.task_done()
    for thread in threads:
        thread.join()
    return sorted(got) if all(type(item) is str for item in got) else got
