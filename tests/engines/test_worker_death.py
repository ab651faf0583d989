"""A worker's death costs one job a second try, and never the class."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from grader.engines.jobs import Job
from grader.engines.local import CEILING_S, run_jobs
from grader.engines.settings import find_settings
from grader.engines.worker import JOB_CEILING_S, Settings
from grader.errors import InfrastructureError
from grader.results import ExerciseResult, Verdict
from tests.conftest import TINY

RIGHT = (TINY / "solutions" / "01_tiny" / "double_all" / "double_all.py").read_bytes()
# What a worker comes to while it collects the suite: what it does, and what is said of it.
ENDS = {
    "killed": ("os.kill(os.getpid(), signal.SIGKILL)", "was ended by SIGKILL"),
    "exits": ("os.write(2, b'no more of this\\n'); os._exit(3)", "status 3 (no more of this)"),
    "closes its pipes": ("os.closerange(0, 2); signal.pause()", "closed its pipes"),
    "writes rubbish": ("os.write(1, b'rubbish\\n'); signal.pause()", "something that is no result"),
    "writes another's result": ('os.write(1, b\'{"key": "x", "result": {}}\\n\'); signal.pause()', "is no result"),
}


@pytest.fixture(scope="session")
def settings() -> Settings:
    return find_settings(None, True, None)[0]


def with_deadly_suite(tmp_path: Path, settings: Settings, death: str) -> Settings:
    """A catalogue of the exercise double_all and a twin of it, `deadly`, whose suite is the death of its worker."""
    root = Path(shutil.copytree(TINY, tmp_path / "kit"))
    for folder in ("exercises", "solutions", "grader/suites"):
        shutil.copytree(root / folder / "01_tiny" / "double_all", root / folder / "01_tiny" / "deadly")
    for file in root.glob("**/deadly/*double_all*"):
        file.rename(file.with_name(file.name.replace("double_all", "deadly")))
    suite = root / "grader" / "suites" / "01_tiny" / "deadly" / "test_deadly.py"
    suite.write_text(f"import os, pathlib, signal\n{death}\n{suite.read_text()}")
    return Settings(settings.python, settings.rung, str(root))


def results(
    jobs: list[Job], settings: Settings, workers: int = 1, ceiling_s: float = CEILING_S
) -> dict[str, ExerciseResult]:
    with closing(run_jobs(jobs, workers, settings, ceiling_s)) as judged:
        return {job.key: result for job, result in judged}


def jobs_of(*exercises: str) -> list[Job]:
    return [Job(f"student-{n}/{exercise}", exercise, RIGHT, seed=7) for n, exercise in enumerate(exercises)]


# Each takes four starts of a worker; one is tried on every Python.
@pytest.mark.parametrize("end", [pytest.param(end, marks=[] if end == "killed" else pytest.mark.slow) for end in ENDS])
def test_a_death_costs_its_job_only(end: str, tmp_path: Path, settings: Settings) -> None:
    death, told = ENDS[end]
    found = results(jobs_of("deadly", "double_all"), with_deadly_suite(tmp_path, settings, death))
    deadly, other = found["student-0/deadly"], found["student-1/double_all"]
    assert (deadly.verdict, deadly.max_score, told in deadly.message) == (Verdict.INFRA, 0, True), deadly.message
    assert [told in diagnosis.reference for diagnosis in deadly.diagnoses] == [True]
    assert "Judged a second time" in deadly.notes[0] and told in deadly.notes[0]
    assert (other.verdict, other.notes) == (Verdict.PASS, [])


DEADLY_WORD = b"# of which the suite's process dies\n"


def dying_of_a_word(tmp_path: Path, settings: Settings, end: str) -> Settings:
    return Settings(settings.python, settings.rung, str(copy_dying_of_a_word(tmp_path, end)))


def copy_dying_of_a_word(tmp_path: Path, end: str) -> Path:
    """A catalogue where whoever judges a file that holds the word comes to this end, and any other file is judged."""
    root = Path(shutil.copytree(TINY, tmp_path / "kit"))
    suite = root / "grader" / "suites" / "01_tiny" / "double_all" / "test_double_all.py"
    lines = f"    if {DEADLY_WORD!r} in (student._submission.folder / 'double_all.py').read_bytes():\n        {end}\n"
    title = '"""Every item is doubled."""\n'
    suite.write_text("import os, signal\n" + suite.read_text().replace(title, f"{title}{lines}"))
    return root


OF_ONE_FILE = {
    "judge": ("os.kill(os.getpid(), signal.SIGKILL)", "the judge's process was ended by SIGKILL"),
    "worker": ("os.kill(os.getppid(), signal.SIGKILL)", "the worker was ended by SIGKILL"),
}


@pytest.mark.parametrize("who", OF_ONE_FILE)
def test_a_death_that_one_file_brings_each_time_is_its_own(who: str, tmp_path: Path, settings: Settings) -> None:
    """The reference is judged in the same place in between, and so is a classmate."""
    end, told = OF_ONE_FILE[who]
    jobs = [Job("attacker", "double_all", RIGHT + DEADLY_WORD, 7), Job("classmate", "double_all", RIGHT, 7)]
    found = results(jobs, dying_of_a_word(tmp_path, settings, end))
    attacker, classmate = found["attacker"], found["classmate"]
    assert (attacker.verdict, attacker.score, attacker.max_score) == (Verdict.ERROR, 0, 3)
    assert told in attacker.message
    assert [(d.reference, d.decided) for d in attacker.diagnoses] == [("was judged, and passes", Verdict.ERROR)]
    assert (classmate.verdict, classmate.score, classmate.notes) == (Verdict.PASS, 3, [])


TURNS = {
    "the judge dies": "os.kill(os.getpid(), signal.SIGKILL)",
    "a check is in trouble": "raise RuntimeError('trouble')",
}


@pytest.mark.parametrize("how", TURNS)
def test_the_time_of_a_file_is_that_of_all_its_turns(how: str, tmp_path: Path, settings: Settings) -> None:
    """Two beside others, and two alone; the reference's are not the file's to pay for."""
    told = tmp_path / "told"
    telling = f"open({str(told)!r}, 'a').write(f'{{student.job_time.used_s}}\\n')"
    asking = "student.run('doubled', items=[1], calls=doubling())"
    found = results(
        [Job("attacker", "double_all", RIGHT + DEADLY_WORD, 7)],
        dying_of_a_word(tmp_path, settings, f"{asking}; {telling}; {TURNS[how]}"),
    )["attacker"]
    used = [float(line) for line in told.read_text().splitlines()]
    assert (found.verdict, len(used)) == (Verdict.ERROR, 4)
    assert used == sorted(set(used)) and used[-1] <= found.own_s + 0.001


def test_a_second_worker_judges_what_the_first_died_of(tmp_path: Path, settings: Settings) -> None:
    marker = tmp_path / "died"
    death = (
        f"if not (m := pathlib.Path({str(marker)!r})).exists():\n    m.touch(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    found = results(jobs_of("deadly", "double_all"), with_deadly_suite(tmp_path, settings, death), workers=2)
    assert marker.exists()
    assert "SIGKILL" in found["student-0/deadly"].notes[0]
    assert {result.verdict for result in found.values()} == {Verdict.PASS}


def test_a_worker_that_hangs_is_killed_with_all_below_it(tmp_path: Path, settings: Settings) -> None:
    """However long the machine takes: it is stopped for good, so that the ceiling comes sooner or later."""
    below = tmp_path / "below"
    death = (
        "from grader.sandbox import processes\n"
        f"with open({str(below)!r}, 'a') as file:\n"
        "    print(*processes.descendants(os.getpid()), file=file)\n"
        "os.kill(os.getpid(), signal.SIGSTOP)"
    )
    found = results(jobs_of("deadly"), with_deadly_suite(tmp_path, settings, death), ceiling_s=3)
    assert "did not answer within 3 s" in found["student-0/deadly"].message
    tries = [[int(pid) for pid in line.split()] for line in below.read_text().splitlines()]
    assert [len(pids) > 1 for pids in tries] == [True] * 3, "three workers, each with a zygote"
    wait_for_the_end_of([pid for pids in tries for pid in pids])
    owners = {pids[0] for pids in tries}
    assert not [folder for pid in owners for folder in Path(tempfile.gettempdir()).glob(f"concurrency-kit-{pid}-*")]


def wait_for_the_end_of(pids: list[int]) -> None:
    for pid in pids:
        while runs(pid):
            os.sched_yield()


def runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_worker_has_time_to_end_a_job_that_hangs() -> None:
    assert CEILING_S > JOB_CEILING_S


def test_workers_that_cannot_start_end_the_judging(settings: Settings) -> None:
    hopeless = Settings("/bin/true", settings.rung)
    with pytest.raises(InfrastructureError, match=r"InputError.*/bin/true.* 3 times in a row"):
        results(jobs_of("double_all", "double_all"), hopeless, workers=2)


def test_closing_ends_the_workers(settings: Settings) -> None:
    before = set(psutil.Process().children())
    judged = run_jobs(
        jobs_of("double_all", "double_all", "double_all"), 2, Settings(settings.python, settings.rung, str(TINY))
    )
    next(judged)
    judged.close()
    assert set(psutil.Process().children()) <= before
