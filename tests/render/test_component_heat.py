"""The picture of a component is coloured where it moves the head, and grey where it does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.flame.model import HeadModel
from studio.flame.reach import reaches
from studio.render.component_heat import ComponentHeat

SIDE = 120


def coloured(picture: np.ndarray) -> np.ndarray:
    """How far each pixel is from grey (H, W)."""
    rgb = picture[..., :3].astype(float)
    return np.where(picture[..., 3] > 0, rgb.max(axis=-1) - rgb.min(axis=-1), 0.0)


@pytest.fixture(scope="module")
def heat(head_model: HeadModel) -> ComponentHeat:
    return ComponentHeat(head_model, SIDE)


def test_the_smile_is_on_its_own_side_and_low(heat: ComponentHeat, head_model: HeadModel) -> None:
    left = coloured(heat.picture("expr", head_model.expression_names.index("mouthSmileLeft"))) > 60
    right = coloured(heat.picture("expr", head_model.expression_names.index("mouthSmileRight"))) > 60
    rows, columns = np.nonzero(left)
    assert np.median(columns) > SIDE / 2 > np.median(np.nonzero(right)[1])
    brow = coloured(heat.picture("expr", head_model.expression_names.index("browInnerUp"))) > 60
    assert np.median(np.nonzero(brow)[0]) < np.median(rows)


def test_outside_the_head_it_is_clear_and_what_stays_is_grey(heat: ComponentHeat) -> None:
    picture = heat.picture("expr", 0)
    assert picture.shape == (SIDE, SIDE, 4)
    assert picture.dtype == np.uint8
    assert set(np.unique(picture[..., 3])) == {0, 255}
    assert not picture[picture[..., 3] == 0].any()
    still = coloured(picture) == 0
    assert (still & (picture[..., 3] > 0)).sum() > 0.1 * SIDE * SIDE


def test_the_shape_is_seen_on_the_whole_head(heat: ComponentHeat) -> None:
    whole, face = heat.picture("shape", 0)[..., 3] > 0, heat.picture("expr", 0)[..., 3] > 0
    assert not whole[0].any()
    assert face.sum() > whole.sum()


def test_a_component_that_moves_nothing_is_grey(tiny_model: HeadModel) -> None:
    still = replace(tiny_model, expressiondirs=np.zeros_like(tiny_model.expressiondirs))
    assert not coloured(ComponentHeat(still, 32).picture("expr", 0)).any()


def test_reach_is_the_farthest_movement(head_model: HeadModel) -> None:
    drawn = np.unique(head_model.faces)
    told = reaches(head_model, "shape")
    for index in (0, 7, 50):
        slow = max(float(np.linalg.norm(head_model.shapedirs[vertex, :, index])) for vertex in drawn)
        assert told[index] == pytest.approx(slow, rel=1e-5)
    assert len(reaches(head_model, "expr")) == head_model.expression_count
