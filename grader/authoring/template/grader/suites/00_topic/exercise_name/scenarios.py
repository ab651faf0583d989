"""Drives `exercise_name` inside the sandbox. `work` is answered by the judge or, under schedules, is our own."""

from grader.player.callbacks import Callback


def held_by_the_judge(student, items):
    """Each call of `work` waits until the judge answers it."""
    return student.exercise_name(items, Callback("work"))


def taking_turns(student, items):
    """For schedules, which go without callbacks: `work` doubles."""
    return student.exercise_name(items, lambda item: 2 * item)
