"""The picture of a warp's most expensive request, in the report's page and by itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from grader.report.access import AccessPicture, draw_access
from grader.report.html import write_report
from grader.results import Check, ExerciseResult, KernelUse, Kind, SubmissionResult, Verdict
from tests.class_results import sample_class

SCATTERED = KernelUse(
    name="transpose",
    launches=1,
    threads=1024,
    load_sectors=4,
    store_sectors=32,
    bytes_moved=36 * 1024,
    bytes_needed=8 * 1024,
    wavefronts=0,
    lanes=32,
    barriers=0,
    where="line 5 of the kernel “out[x * n + y] = in[y * n + x];”",
    space="global",
    pattern=[512 * lane for lane in range(32)],
)


def drawn(use: KernelUse) -> AccessPicture:
    picture = draw_access(use)
    assert picture is not None
    return picture


def test_scattered_lanes_have_a_sector_each() -> None:
    picture = drawn(SCATTERED)
    assert [(box.text, box.full) for box in picture.boxes] == [("1", False)] * 32
    assert picture.caption.startswith("32 sectors of 32 bytes for 32 lanes")


def test_sectors_next_to_each_other_touch() -> None:
    boxes = drawn(replace(SCATTERED, pattern=[0, 4, 32, 128])).boxes
    assert [box.text for box in boxes] == ["2", "1", "1"]
    assert boxes[1].x - boxes[0].x < boxes[2].x - boxes[1].x


def test_a_column_of_shared_memory_is_in_one_bank() -> None:
    picture = drawn(replace(SCATTERED, space="shared", wavefronts=32, pattern=[128 * lane for lane in range(32)]))
    assert [box.text for box in picture.boxes] == ["32", *[""] * 31]
    assert picture.caption.endswith("32 turns")


def test_what_is_side_by_side_needs_no_picture() -> None:
    assert draw_access(replace(SCATTERED, bytes_moved=8 * 1024)) is None
    assert draw_access(replace(SCATTERED, space="shared", wavefronts=1)) is None


def test_a_page_shows_it_and_escapes_the_students_names(tmp_path: Path) -> None:
    use = replace(SCATTERED, name="<b>transpose", where="line 5 “a<b>c”")
    check = Check("test_x", "Side by side", Kind.SPEEDUP, Verdict.FAIL, 0, 1, "scattered", kernels=[use])
    exercise = ExerciseResult("transpose", Verdict.FAIL, 0, 1, [check])
    results = replace(sample_class([]), submissions=[SubmissionResult("ada", [exercise])])
    write_report(results, tmp_path, {"ada": "ada"})
    page = (tmp_path / "students/ada.html").read_text()
    assert "&lt;b&gt;transpose" in page and "<b>transpose" not in page and "a<b>c" not in page
    assert page.count('class="bar failed"') == 32
