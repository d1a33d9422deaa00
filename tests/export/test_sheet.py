"""Sheets of components: what they show, how they are laid out, and what they refuse."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from studio.document.look import Look, Texture
from studio.export.sheet import SheetJob
from studio.export.sheet_layout import GROUND, PAGE, lay_out
from studio.export.sheet_plan import plan_rows
from studio.flame.model import HeadModel
from studio.flame.params import Params, frozen
from studio.flame.texture_model import TextureSource
from studio.jobs.job import JobCancelled, Progress
from studio.render.shot import Shot
from studio.storage.errors import StudioError


def nowhere(_: Progress) -> None:
    """Nobody watches."""


def never() -> bool:
    return False


@pytest.fixture
def textured(tiny_model: HeadModel) -> HeadModel:
    """A head with a texture of three named components, of which nothing is read."""
    source = TextureSource(
        "t",
        "Tones",
        "FLAME texture",
        Path("t.npz"),
        "research only",
        ((-3, 3), (-1.5, 3), (0, 3)),
        ("a", "b", "c"),
    )
    uv = frozen(np.zeros((3, 2)))
    return replace(tiny_model, textures=(source,), uv=uv, uv_faces=np.zeros_like(tiny_model.faces))


@pytest.fixture
def job(renderer: Any, backend: Any, shot: Shot, tiny_model: HeadModel, tmp_path: Path) -> SheetJob:
    cell = replace(shot, size=(60, 80))
    return SheetJob(
        renderer, backend, cell, Params.neutral(tiny_model), "shape", tmp_path / "sheet.png", count=4
    )


def values(rows: Any, field: str) -> list[list[float]]:
    return [[float(getattr(cell.params, field)[i]) for cell in row.cells] for i, row in enumerate(rows)]


def test_rows_move_one_component_and_leave_the_others(tiny_model: HeadModel) -> None:
    params = Params.neutral(tiny_model)
    base = params.replace(shape=np.full(6, 0.5, np.float32))
    rows = plan_rows(tiny_model, "shape", 3, 2.0, base, Look())
    assert [row.title for row in rows] == ["Shape 1", "Shape 2", "Shape 3"]
    assert values(rows, "shape") == [[-2.0, 0.0, 2.0]] * 3
    assert [cell.caption for cell in rows[0].cells] == ["-2 SD", "0", "+2 SD"]
    assert rows[0].cells[0].params.shape[1:].tolist() == [0.5] * 5


def test_units_from_0_to_1_are_shown_at_0_half_and_1(tiny_model: HeadModel) -> None:
    ranges = frozen(np.tile([0.0, 1.0], (4, 1)))
    model = replace(tiny_model, expression_ranges=ranges, expression_names=("mouthSmileLeft", "b", "c", "d"))
    rows = plan_rows(model, "expression", 9, 2.0, Params.neutral(model), Look())
    assert len(rows) == 4
    assert rows[0].title == "Mouth smile left"
    assert [cell.caption for cell in rows[0].cells] == ["0", "0.5", "1"]
    assert values(rows, "expr") == [[0.0, 0.5, 1.0]] * 4


def test_coefficients_of_a_texture_stay_within_their_range(textured: HeadModel) -> None:
    look = Look().replace(texture=Texture("t", (0.25, 0.25)))
    rows = plan_rows(textured, "texture", 10, 2.0, Params.neutral(textured), look)
    assert [row.title for row in rows] == ["A", "B", "C"]
    shown = [[cell.look.texture.coefficients for cell in row.cells] for row in rows]
    assert shown[0] == [(-2.0, 0.25, 0.0), (0.0, 0.25, 0.0), (2.0, 0.25, 0.0)]
    assert [entry[1] for entry in shown[1]] == [-1.5, 0.0, 2.0]
    assert [entry[2] for entry in shown[2]] == [0.0, 1.0, 2.0]


@pytest.mark.parametrize(("count", "sigma"), [(0, 2.0), (3, 0.0), (3, -1.0), (3, float("nan")), (3, 99.0)])
def test_senseless_sheets_are_refused(tiny_model: HeadModel, count: int, sigma: float) -> None:
    with pytest.raises(StudioError, match="sheet needs"):
        plan_rows(tiny_model, "shape", count, sigma, Params.neutral(tiny_model), Look())


def test_a_head_without_components_has_no_sheet_of_them(tiny_model: HeadModel) -> None:
    bare = replace(tiny_model, expression_names=(), expression_ranges=np.zeros((0, 2)))
    with pytest.raises(StudioError, match="tiny has no expression components"):
        plan_rows(bare, "expression", 3, 2.0, Params.neutral(tiny_model), Look())


def test_a_head_without_texture_model_has_no_sheet_of_one(job: SheetJob) -> None:
    with pytest.raises(StudioError, match="tiny has no texture model"):
        replace(job, subject="texture").run(nowhere, never)
    assert not job.path.exists()


def test_the_page_is_an_even_grid_on_white(job: SheetJob, renderer: Any) -> None:
    job.run(nowhere, never)
    with Image.open(job.path) as image:
        page = np.asarray(image.convert("RGB"))
        assert "Free for tests" in image.text["Copyright"]
    layout = lay_out([f"Shape {i}" for i in range(1, 5)], [["-2 SD", "0", "+2 SD"]] * 4, (60, 80))
    assert page.shape[:2] == layout.size[::-1]
    assert len(renderer.shots) == 12
    assert tuple(page[0, 0]) == tuple(page[-1, -1]) == PAGE
    columns = [layout.corner(0, column)[0] for column in range(3)]
    assert len(set(np.diff(columns))) == 1
    for row in range(4):
        for column in range(3):
            left, top = layout.corner(row, column)
            cell = page[top : top + 80, left : left + 60]
            assert tuple(cell[5, 5]) == GROUND  # the upper half of these pictures is transparent
            assert (cell[60] != PAGE).any()
            assert (page[top : top + 80, left - 1] == PAGE).all()
            assert (page[top : top + 80, left + 60] == PAGE).all()


def test_there_are_words_beside_and_above_the_pictures(job: SheetJob) -> None:
    job.run(nowhere, never)
    with Image.open(job.path) as image:
        page = np.asarray(image.convert("L"))
    layout = lay_out([row.title for row in job.rows], [["-2 SD", "0", "+2 SD"]] * 4, (60, 80))
    left, top = layout.corner(0, 0)
    for row in range(4):
        line = layout.corner(row, 0)[1]
        assert page[line : line + 80, layout.margin : left - layout.gap].min() < 90
    for column in range(3):
        start = layout.corner(0, column)[0]
        assert page[:top, start : start + 60].min() < 160


def test_every_head_is_seen_from_one_place(job: SheetJob, renderer: Any) -> None:
    job.run(nowhere, never)
    assert len({shot.camera for shot in renderer.shots}) == 1
    assert all(shot.transparent for shot in renderer.shots)
    given = replace(job, framed=False)
    renderer.shots.clear()
    given.run(nowhere, never)
    assert {shot.camera for shot in renderer.shots} == {job.shot.camera}


def test_many_rows_stand_in_blocks_side_by_side() -> None:
    titles = [f"Shape {index}" for index in range(1, 41)]
    layout = lay_out(titles, [["-2 SD", "0", "+2 SD"]] * 40, (60, 80))
    assert layout.blocks > 1
    assert layout.size[1] <= 1.5 * layout.size[0]
    corners = {layout.corner(row, column) for row in range(40) for column in range(3)}
    assert len(corners) == 120
    width, height = layout.size
    assert all(0 <= x <= width - 60 and 0 <= y <= height - 80 for x, y in corners)


def test_a_sheet_that_is_too_large_is_told_before_drawing(job: SheetJob, renderer: Any) -> None:
    with pytest.raises(StudioError, match="fewer components or smaller pictures"):
        replace(job, shot=replace(job.shot, size=(4000, 4000))).run(nowhere, never)
    assert renderer.shots == []


def test_progress_and_cancel(job: SheetJob) -> None:
    seen: list[Progress] = []
    job.run(seen.append, never)
    assert [(step.done, step.total) for step in seen] == [(done, 12) for done in range(13)]
    before = job.path.read_bytes()
    calls = iter(range(100))
    with pytest.raises(JobCancelled):
        job.run(nowhere, lambda: next(calls) > 6)
    assert job.path.read_bytes() == before
    assert list(job.path.parent.iterdir()) == [job.path]


@pytest.mark.parametrize("name", ["sheet", "sheet.mp4", "no/sheet.png"])
def test_impossible_targets_are_told_before_drawing(job: SheetJob, renderer: Any, name: str) -> None:
    with pytest.raises(StudioError):
        replace(job, path=job.path.parent / name).run(nowhere, never)
    assert renderer.shots == []


def test_the_licence_of_a_texture_from_a_file_is_inside(job: SheetJob, textured: HeadModel) -> None:
    shot = replace(job.shot, model=textured)
    replace(job, shot=shot, subject="texture").run(nowhere, never)
    with Image.open(job.path) as image:
        assert "Licence of the texture Tones: research only." in image.text["Copyright"]
