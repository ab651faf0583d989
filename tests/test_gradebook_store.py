"""One current grade per student and exercise, whatever happens while it is recorded."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateTable

from grader.errors import InfrastructureError, InputError
from grader.gradebook import store
from grader.gradebook.store import Gradebook
from tests.class_results import broken, right, wrong

FORK = "fork" in multiprocessing.get_all_start_methods()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'gradebook.sqlite'}"


def rows(url: str, query: str) -> list[Any]:
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection:
        found = list(connection.execute(text(query)))
    engine.dispose()
    return found


def test_a_grade_is_kept(url: str) -> None:
    with Gradebook(url) as book:
        assert book.record("ada", wrong("run_all"))
    with Gradebook(url) as book:
        [grade] = book.current()
    assert (grade.student, grade.exercise, grade.revision, grade.verdict) == ("ada", "run_all", 1, "race")
    assert (grade.score, grade.max_score, grade.digest) == (3, 12, "digest of run_all")
    assert grade.graded_at.endswith("+00:00")
    names = [name for (name,) in rows(url, "select name from checks order by position")]
    assert names == [check.name for check in wrong("run_all").checks]


def test_the_same_grade_twice_is_one_grade(url: str) -> None:
    with Gradebook(url) as book:
        assert book.record("ada", right("run_all"))
        assert not book.record("ada", right("run_all"))
        assert len(book.history("ada", "run_all")) == 1


def test_a_regrade_is_current_and_the_earlier_one_is_history(url: str) -> None:
    better = replace(right("run_all"), digest="another")
    with Gradebook(url) as book:
        for result in (wrong("run_all"), better, wrong("run_all")):
            book.record("ada", result)
        book.record("bo", broken("run_all"))
        assert [(g.student, g.revision, g.score) for g in book.current()] == [("ada", 3, 3), ("bo", 1, 0)]
        assert [g.score for g in book.history("ada", "run_all")] == [3, 12, 3]
        assert book.history("nobody", "run_all") == []


def test_a_new_outcome_for_the_same_source_is_recorded(url: str) -> None:
    """Such as the one after the grader's own trouble is over."""
    with Gradebook(url) as book:
        book.record("ada", wrong("run_all"))
        assert book.record("ada", right("run_all"))
        assert [g.score for g in book.current()] == [12]


def test_graders_at_work_together_record_one_grade(url: str) -> None:
    def record(_: int) -> bool:
        with Gradebook(url) as book:
            return book.record("ada", right("run_all"))

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(record, range(16))) == 1
    with Gradebook(url) as book:
        assert len(book.history("ada", "run_all")) == 1


def test_losing_the_race_for_a_new_row_is_no_error(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    record = store._record
    winners = iter(["another grader"])

    def beaten_once(*arguments: Any) -> bool:
        if next(winners, None):
            raise IntegrityError("insert", {}, Exception("unique"))
        return record(*arguments)

    monkeypatch.setattr(store, "_record", beaten_once)
    with Gradebook(url) as book:
        assert book.record("ada", right("run_all"))


@pytest.mark.parametrize("statement", range(1, 10))
@pytest.mark.skipif(not FORK, reason="needs fork to die on a chosen statement")
def test_sigkill_leaves_the_old_grade_and_no_part_of_the_new(url: str, statement: int) -> None:
    with Gradebook(url) as book:
        book.record("ada", wrong("run_all"))
    child = multiprocessing.get_context("fork").Process(target=record_and_die, args=(url, statement))
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    with Gradebook(url) as book:
        assert [g.score for g in book.current()] == [3]
        assert rows(url, "select count(*) from checks") == [(len(wrong("run_all").checks),)]
        assert book.record("bo", right("bank_transfer"))
        assert len(book.current()) == 2


def record_and_die(url: str, statement: int) -> None:
    """Record a grade for a new student; die when the given statement is about to run, or else the commit."""
    book = Gradebook(url)
    count = iter(range(1, statement + 1))

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def tick(*_: object) -> None:
        if next(count) == statement:
            die()

    sqlalchemy.event.listen(book._engine, "before_cursor_execute", tick)
    sqlalchemy.event.listen(book._engine, "commit", die)
    book.record("bo", right("bank_transfer"))


def test_hostile_names_are_kept_as_escapes(url: str) -> None:
    name = "a\x00b\udc80'); drop table grades; --"
    with Gradebook(url) as book:
        book.record(name, right("run_all"))
        assert [g.student for g in book.current()] == ["a\\u0000b\\udc80'); drop table grades; --"]
        assert len(book.history(name, "run_all")) == 1


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ("gradebook.sqlite", "is not a database URL"),
        ("", "is not a database URL"),
        ("nosuchbase://host/grades", "not known"),
        ("postgresql+nosuchdriver://host/grades", "not known"),
    ],
)
def test_a_bad_url_is_bad_input(bad: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        Gradebook(bad)


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(*_: object, **__: object) -> None:
        raise ModuleNotFoundError("No module named 'psycopg2'", name="psycopg2")

    monkeypatch.setattr(store, "create_engine", unavailable)
    with pytest.raises(InputError, match="psycopg2, which is not installed"):
        Gradebook("postgresql://host/grades")


def test_no_password_is_ever_shown() -> None:
    with pytest.raises(InputError) as caught:
        Gradebook("postgresql//me:hunter2@host/grades")
    assert "hunter2" not in str(caught.value)


def no_database(path: Path) -> None:
    path.write_bytes(b"this is a diary, not a database" * 100)


def another_schema(path: Path) -> None:
    engine = sqlalchemy.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("create table students (id integer, phone text)"))
    engine.dispose()


@pytest.mark.parametrize("prepare", [Path.mkdir, no_database, another_schema])
def test_a_file_that_is_no_gradebook_is_said_to_be(tmp_path: Path, url: str, prepare: Callable[[Path], None]) -> None:
    prepare(tmp_path / "gradebook.sqlite")
    with (
        pytest.raises(InfrastructureError, match=r"gradebook\.sqlite cannot be used"),
        Gradebook(url) as book,
    ):
        book.record("ada", right("run_all"))


def test_the_tables_are_plain_sql() -> None:
    for table in store._Base.metadata.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]


def test_the_documented_query_gives_the_current_grades(url: str) -> None:
    page = Path(__file__).parents[1].joinpath("docs", "results.md").read_text(encoding="utf-8")
    query = page.partition("```sql\n")[2].partition("```")[0]
    with Gradebook(url) as book:
        for result in (wrong("run_all"), right("run_all"), broken("fetch_all")):
            book.record("ada", result)
    assert sorted(rows(url, query)) == [
        ("ada", "fetch_all", 0, 10, "error"),
        ("ada", "run_all", 12, 12, "pass"),
    ]
