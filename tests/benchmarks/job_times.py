"""How long a job takes: every right solution of every exercise, the slowest first.

`python -m tests.benchmarks.job_times [EX…] [--workers N]` judges the reference and the alternatives of each exercise,
and prints for each exercise its slowest job. `JOB_S` of `grader.judging.recorder` says how long a job may take, and
must stay far above.
"""

from __future__ import annotations

import argparse
from contextlib import closing

from grader.catalogue import load_catalogue
from grader.engines.jobs import Job
from grader.engines.local import run_jobs
from grader.engines.settings import find_settings
from grader.proving.solutions import read_solutions


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("exercises", nargs="*")
    parser.add_argument("--workers", type=int, default=1)
    args = parser.parse_args()
    catalogue = load_catalogue()
    jobs = [
        Job(f"{exercise.name} {name}", exercise.name, source, seed=1)
        for exercise in catalogue.select(args.exercises)
        for name, source in read_solutions(catalogue, exercise).right.items()
    ]
    slowest: dict[str, tuple[float, str]] = {}
    with closing(run_jobs(jobs, args.workers, find_settings(None, False, None)[0])) as judged:
        for job, result in judged:
            slowest[job.exercise] = max(slowest.get(job.exercise, (0.0, "")), (result.duration_s, job.key))
    for seconds, key in sorted(slowest.values(), reverse=True):
        print(f"{seconds:7.1f} s  {key}")


if __name__ == "__main__":
    main()
