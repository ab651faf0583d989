"""The command `grader`: one module a subcommand, each with `add_arguments` and `run`.

Exit codes: 0 done, 1 some check failed (`check`, `verify`), 2 bad input, 3 infrastructure, 130 interrupted.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable, Sequence

from grader import __version__
from grader.errors import InfrastructureError, InputError

_COMMANDS = {
    "list": "the exercises",
    "check": "run the public tests on your own solution, and say in words what happened",
    "grade": "judge a folder of submissions and write scores and reports",
    "report": "write the HTML report of a finished grading again",
    "verify": "prove that the judge is right: every right solution passes, every flawed one is caught",
    "flaws": "the flawed solutions of exercises by the check that catches them, or laid out as files",
    "new": "write a new exercise, which works at once, to be changed into what it shall be",
    "doctor": "what can be enforced and measured on this machine",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one subcommand and returns its exit code. Every foreseen trouble is one sentence on standard error."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    chosen = next((word for word in words if word in _COMMANDS), None)
    parser, run = _parser(chosen)
    args = parser.parse_args(words)
    if run is None or args.command is None:
        parser.print_help()
        return 0
    try:
        return run(args)
    except (InputError, InfrastructureError) as e:
        print(f"grader {args.command}: {e}", file=sys.stderr)
        return e.exit_code
    except KeyboardInterrupt:
        print(f"grader {args.command}: interrupted.", file=sys.stderr)
        return 130


def _parser(chosen: str | None) -> tuple[argparse.ArgumentParser, Callable[[argparse.Namespace], int] | None]:
    """Only the chosen command's module is imported: `grader list` need not wait for pytest and the sandbox."""
    parser = argparse.ArgumentParser(
        "grader", description="The auto-graded Python concurrency kit.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"grader {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    run = None
    for name, text in _COMMANDS.items():
        subparser = subparsers.add_parser(
            name, help=text, description=f"{text[0].upper()}{text[1:]}.", allow_abbrev=False
        )
        if name == chosen:
            module = importlib.import_module(f"grader.commands.{name}")
            module.add_arguments(subparser)
            run = module.run
    return parser, run
