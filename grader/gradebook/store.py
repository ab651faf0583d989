"""The gradebook: one current grade per student and exercise in an SQL database, earlier ones kept.

Grades are only ever added. Each has a revision, unique for its student and exercise; the current grade is the
one with the highest. So there is no moment, even under SIGKILL, with two current grades or half of one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TypeVar

from sqlalchemy import ForeignKey, Select, UniqueConstraint, create_engine, event, func, select
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, NoSuchModuleError, ProgrammingError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from grader.errors import InfrastructureError, InputError
from grader.results import Check, ExerciseResult
from grader.text import clean

T = TypeVar("T")

_CONFLICTS_BORNE = 20
_EXAMPLE = "an example is sqlite:///gradebook.sqlite"


class _Base(DeclarativeBase):
    pass


class _NamedRow(_Base):
    __abstract__ = True
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class _StudentRow(_NamedRow):
    __tablename__ = "students"


class _ExerciseRow(_NamedRow):
    __tablename__ = "exercises"


class _GradeRow(_Base):
    __tablename__ = "grades"
    __table_args__ = (UniqueConstraint("student_id", "exercise_id", "revision"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    exercise_id: Mapped[int] = mapped_column(ForeignKey("exercises.id"))
    revision: Mapped[int]
    score: Mapped[float]
    max_score: Mapped[float]
    verdict: Mapped[str]
    digest: Mapped[str]
    seed: Mapped[str]  # text: a seed may be larger than a database's integers
    sandbox: Mapped[str]
    python: Mapped[str]
    graded_at: Mapped[str]
    checks: Mapped[list["_CheckRow"]] = relationship(order_by="_CheckRow.position")


class _CheckRow(_Base):
    __tablename__ = "checks"
    __table_args__ = (UniqueConstraint("grade_id", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    grade_id: Mapped[int] = mapped_column(ForeignKey("grades.id"))
    position: Mapped[int]
    name: Mapped[str]
    title: Mapped[str]
    kind: Mapped[str]
    verdict: Mapped[str]
    points: Mapped[float]
    max_points: Mapped[float]
    message: Mapped[str]


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade as the gradebook keeps it; `graded_at` is ISO 8601 in UTC, `revision` counts from 1."""

    student: str
    exercise: str
    revision: int
    score: float
    max_score: float
    verdict: str
    digest: str
    graded_at: str


class Gradebook:
    """Grades in the database at `url` (any that SQLAlchemy speaks; SQLite needs no server).

    Raises InputError for a URL that cannot be used; InfrastructureError, in every method, when the database
    does not work.
    """

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        try:
            with self._reporting_trouble():
                _despite_conflicts(lambda: _Base.metadata.create_all(self._engine))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Gradebook":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database. The gradebook must not be used afterwards."""
        self._engine.dispose()

    def record(self, student: str, result: ExerciseResult) -> bool:
        """Make `result` the current grade, in one transaction; False if it already is (digest and score)."""
        with self._reporting_trouble():
            return _despite_conflicts(lambda: self._record_once(clean(student), result))

    def _record_once(self, student: str, result: ExerciseResult) -> bool:
        with Session(self._engine) as session, session.begin():
            return _record(session, student, result)

    def current(self) -> list[Grade]:
        """The grade that counts for every student and exercise, by name."""
        latest = (
            select(func.max(_GradeRow.revision))
            .where(_GradeRow.student_id == _StudentRow.id, _GradeRow.exercise_id == _ExerciseRow.id)
            .correlate(_StudentRow, _ExerciseRow)
            .scalar_subquery()
        )
        return self._grades(_all_grades().where(_GradeRow.revision == latest))

    def history(self, student: str, exercise: str) -> list[Grade]:
        """Every grade this student ever had for the exercise, the oldest first."""
        return self._grades(
            _all_grades().where(_StudentRow.name == clean(student), _ExerciseRow.name == clean(exercise))
        )

    def _grades(self, query: Select[Any]) -> list[Grade]:
        with self._reporting_trouble(), Session(self._engine) as session:
            return [Grade(*row) for row in session.execute(query)]

    @property
    def _shown_url(self) -> str:
        return self._engine.url.render_as_string(hide_password=True)

    @contextmanager
    def _reporting_trouble(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as e:
            reason = clean(str(getattr(e, "orig", None) or e).strip().partition("\n")[0], 200)
            raise InfrastructureError(
                f"The gradebook {self._shown_url} cannot be used ({reason}): "
                "check that it exists, is a gradebook and may be written, or name another with --gradebook."
            ) from e


def _despite_conflicts(transaction: Callable[[], T]) -> T:
    """Repeat a transaction when another grader added the same row or table first: now it is there."""
    for _ in range(_CONFLICTS_BORNE):
        with suppress(IntegrityError, ProgrammingError):
            return transaction()
    return transaction()


def _engine(url: str) -> Engine:
    try:
        engine = create_engine(_parsed(url))
    except NoSuchModuleError as e:
        raise InputError(f"--gradebook names a kind of database that is not known; {_EXAMPLE}.") from e
    except ImportError as e:
        raise InputError(f"--gradebook needs the Python package {e.name}, which is not installed.") from e
    if engine.dialect.name == "sqlite":
        _begin_as_writer(engine)
    return engine


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError) as e:
        without_password = clean(url.rpartition("@")[2], 200)
        raise InputError(f"--gradebook {without_password} is not a database URL; {_EXAMPLE}.") from e


def _begin_as_writer(engine: Engine) -> None:
    """Make SQLite transactions wait for their turn at the start: later, as writers, they would be refused."""

    @event.listens_for(engine, "connect")
    def leave_transactions_to_us(connection: Any, _: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout = 60000")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _record(session: Session, student: str, result: ExerciseResult) -> bool:
    student_id = _id_of(session, _StudentRow, student)
    exercise_id = _id_of(session, _ExerciseRow, clean(result.exercise))
    latest = session.scalar(
        select(_GradeRow)
        .where(_GradeRow.student_id == student_id, _GradeRow.exercise_id == exercise_id)
        .order_by(_GradeRow.revision.desc())
        .limit(1)
    )
    if latest is not None and _outcome(latest) == _outcome(result):
        return False
    session.add(_grade_row(student_id, exercise_id, latest.revision + 1 if latest else 1, result))
    return True


def _id_of(session: Session, table: type[_NamedRow], name: str) -> int:
    row = session.scalar(select(table).where(table.name == name))
    if row is None:
        row = table(name=name)
        session.add(row)
        session.flush()
    return row.id


def _outcome(grade: _GradeRow | ExerciseResult) -> tuple[str, str, float, float]:
    return (grade.digest, str(grade.verdict), grade.score, grade.max_score)


def _grade_row(student_id: int, exercise_id: int, revision: int, result: ExerciseResult) -> _GradeRow:
    return _GradeRow(
        student_id=student_id,
        exercise_id=exercise_id,
        revision=revision,
        score=result.score,
        max_score=result.max_score,
        verdict=str(result.verdict),
        digest=result.digest,
        seed=str(result.seed),
        sandbox=clean(result.sandbox),
        python=clean(result.python),
        graded_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        checks=[_check_row(i, check) for i, check in enumerate(result.checks)],
    )


def _check_row(position: int, check: Check) -> _CheckRow:
    return _CheckRow(
        position=position,
        name=clean(check.name),
        title=clean(check.title),
        kind=str(check.kind),
        verdict=str(check.verdict),
        points=check.points,
        max_points=check.max_points,
        message=clean(check.message),
    )


def _all_grades() -> Select[Any]:
    grade = _GradeRow
    columns: list[Any] = [_StudentRow.name, _ExerciseRow.name, grade.revision, grade.score, grade.max_score]
    columns += [grade.verdict, grade.digest, grade.graded_at]
    return (
        select(*columns)
        .join(_StudentRow, grade.student_id == _StudentRow.id)
        .join(_ExerciseRow, grade.exercise_id == _ExerciseRow.id)
        .order_by(_StudentRow.name, _ExerciseRow.name, grade.revision)
    )
