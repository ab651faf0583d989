"""`grader new`: a new exercise, to be changed into what it shall be."""

from __future__ import annotations

import argparse
from pathlib import Path

from grader.authoring import Created, create_exercise
from grader.catalogue import load_catalogue
from grader.errors import InputError

_NEXT = """
It works as it is: `./kit verify {name}` accepts it. Change it in this order, and verify again and again:
  1. README.md: what must hold, in words a student can rely on; exercise.toml: its name and points; the stub
  2. {name}.py in solutions/, the reference
  3. scenarios.py, which drives the student's code, and test_{name}.py in grader/suites/, a check for each promise
  4. {name}.flaws: mistakes that students make, at least one for each check to catch
  5. at least two alternatives in really different styles; the public tests and the hints
  6. its line in the README.md of its topic and in exercises/README.md, whose map `python -m grader.authoring.map` draws
It is done when `./kit verify {name} --repeat 20` and `--repeat 5 --under-load` find no trouble, nor, where schedules
are explored, `--right --schedules 5000`. docs/writing-an-exercise.md tells the rest."""
_NEW_TOPIC = """
The topic {topic} is new: add this line to mypy_path in pyproject.toml, or mypy mistakes its suites for another's.
    "$MYPY_CONFIG_FILE_DIR/grader/suites/{topic}",
Students find a page at exercises/{topic}/README.md: the idea, when to use it and when not, what goes wrong."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("exercise", metavar="NN_topic/name", help="its topic and name, for instance 01_threads/add_up")
    parser.add_argument("--root", type=Path, metavar="DIR", help="another checkout of the kit than this one")


def run(args: argparse.Namespace) -> int:
    catalogue = load_catalogue(args.root)
    if catalogue.solutions is None:
        raise InputError(
            "There are no solutions here; run `grader new` in a checkout of the kit, or name it with --root."
        )
    print_created(create_exercise(args.exercise, args.root or catalogue.solutions.parent, catalogue))
    return 0


def print_created(created: Created) -> None:
    print(f"In {created.root}:")
    for file in created.files:
        print(f"  {file}")
    if created.new_topic:
        print(_NEW_TOPIC.format(topic=created.topic))
    print(_NEXT.format(name=created.name))
