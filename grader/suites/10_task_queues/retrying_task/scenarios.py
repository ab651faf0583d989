"""Drives `payment_task` inside the sandbox. The payment service is the judge's, and so are the deaths of workers."""

from os import getpid, kill
from signal import SIGKILL

from grader.player.callbacks import DirectCallback
from grader.player.task_queue import Workers, application, outcome_of

asked, begins = DirectCallback("charge"), DirectCallback("begins")


def charge(key, order, cents):
    receipt = asked(key, order, cents)
    if receipt is None:
        kill(getpid(), SIGKILL)
    return receipt


def pay(student, messages, workers, tries=None):
    """The judge answers None where the worker is to die."""
    begins()
    with application() as app:
        task = student.payment_task(app, charge, *([] if tries is None else [tries]))
        with Workers(app, workers) as running:
            results = [task.delay(*message) for message in messages]
            running.until_calm()
            return [outcome_of(result) for result in results]
