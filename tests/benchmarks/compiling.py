"""What compiling the kernels of topic 12's references costs, in two checkouts, in turns: python -m … OTHER_CHECKOUT.

Processor time of the compiler, the least of some rounds; ratios are this checkout's to the other's.
"""

from __future__ import annotations

import ast
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from statistics import mean

HERE = Path(__file__).parents[2]
REFERENCES = HERE / "solutions" / "12_cuda_kernels"
ROUNDS = 5


def kernels() -> Iterator[tuple[str, str]]:
    """Each reference's name and its CUDA C."""
    for file in sorted(REFERENCES.glob("*/*.py")):
        texts = (node.value for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Constant))
        yield file.stem, next(text for text in texts if isinstance(text, str) and "__global__" in text)


def times() -> dict[str, float]:
    """Seconds for each build and reference, of the checkout that comes first in the path."""
    cuda = import_module("grader.cuda.engine")
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as runtimes:
        for build in ("checked", "fast"):
            engine = cuda.Engine(build, Path(runtimes))
            for name, source in kernels():
                with tempfile.TemporaryDirectory() as fresh:
                    engine.cache, begin = Path(fresh), _used()
                    cuda.KernelModule(engine, source)
                    found[f"{build} {name}"] = _used() - begin
    return found


def _used() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def _times_in(checkout: Path) -> dict[str, float]:
    program = [sys.executable, str(Path(__file__)), str(checkout), "--times"]
    done = subprocess.run(program, check=True, capture_output=True, text=True)
    return {name: float(seconds) for name, seconds in json.loads(done.stdout).items()}


def main() -> None:
    checkout = Path(sys.argv[1]).resolve()
    if "--times" in sys.argv:
        sys.path.insert(0, str(checkout))
        print(json.dumps(times()))
        return
    rounds = [(_times_in(checkout), _times_in(HERE)) for _ in range(ROUNDS)]
    least = {name: tuple(min(each[n][name] for each in rounds) for n in (0, 1)) for name in rounds[0][0]}
    for name, (other, own) in least.items():
        print(f"{name:24} {other:.3f} s, {own:.3f} s: {own / other:.2f} times")
    for build in ("checked", "fast"):
        ratios = [own / other for name, (other, own) in least.items() if name.startswith(build)]
        print(f"{build:24} {mean(ratios):.2f} times on average, {max(ratios):.2f} at most")


if __name__ == "__main__":
    main()
