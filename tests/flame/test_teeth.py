"""Teeth in VHAP's layout: its counts and order, rigid to their bones, behind the lips."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from studio.backends import create_backend
from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.flame.surface_graph import landmark_vertex
from studio.flame.teeth import ROWS, TEETH_VERTICES, teeth_refusal, with_teeth
from studio.storage.errors import StudioError
from tests.flame.plain_head import plain_head

JAW_OPEN = (0.3, 0.0, 0.0)


@pytest.fixture(scope="module")
def bare() -> HeadModel:
    return plain_head()


@pytest.fixture(scope="module")
def toothed(bare: HeadModel) -> HeadModel:
    return with_teeth(bare)


def rows(values):
    """The teeth's part of per-vertex ``values`` by row, (8, 15, …)."""
    return values[-TEETH_VERTICES:].reshape(len(ROWS), 15, *values.shape[1:])


def posed(model: HeadModel, **fields):
    return create_backend("torch", model, device="cpu").forward(Params.neutral(model).replace(**fields))


def test_counts_are_those_of_vhap(bare, toothed):
    assert toothed.vertex_count == bare.vertex_count + 120
    assert len(toothed.faces) == len(bare.faces) + 168
    assert toothed.uv is not None
    assert bare.uv is not None
    assert len(toothed.uv) == len(bare.uv) + 120
    assert toothed.uv_faces.shape == toothed.faces.shape
    np.testing.assert_array_equal(toothed.faces[: len(bare.faces)], bare.faces)


def test_rows_run_from_the_left_to_the_right(toothed):
    assert (np.diff(rows(toothed.v_template)[:, :, 0], axis=1) < 0).all()
    u, v = rows(toothed.uv)[0].T
    assert (u[0], u[-1]) == pytest.approx((0.62, 0.38))
    assert 0.9 < v.min() <= v.max() <= 1.0


def test_order_of_the_rows(toothed):
    heights, depths = rows(toothed.v_template)[..., 1].mean(1), rows(toothed.v_template)[:, 7, 2]
    at = {name: index for index, name in enumerate(ROWS)}
    assert heights[at["upper root"]] > heights[at["upper edge"]] > heights[at["lower edge"]]
    assert heights[at["lower edge"]] > heights[at["lower root"]]
    for name in ("upper root", "upper edge", "lower root", "lower edge"):
        assert heights[at[name]] == pytest.approx(heights[at[f"{name} back"]])
        assert depths[at[name]] > depths[at[f"{name} back"]]


def test_faces_point_out_and_form_two_strips(toothed):
    faces = toothed.faces[-168:]
    corners = toothed.v_template[faces].astype(np.float64)
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    middles = rows(toothed.v_template).astype(np.float64)
    upper = np.array([name.startswith("upper") for name in ROWS])
    of_upper = np.isin(faces[:, 0] - (toothed.vertex_count - 120), np.arange(120).reshape(8, 15)[upper])
    for part, teeth in ((of_upper, upper), (~of_upper, ~upper)):
        assert part.sum() == 84
        columns = (faces[part] - (toothed.vertex_count - 120)) % 15
        centres = middles[teeth].mean(axis=0)[columns].mean(axis=1)
        outwards = corners[part].mean(axis=1) - centres
        assert ((normals[part] * outwards).sum(axis=1) > 0).all()
    edges = np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    assert max(Counter(map(tuple, edges.tolist())).values()) == 2


def test_only_the_identity_and_their_bone_move_them(bare, toothed):
    assert not rows(toothed.expressiondirs).any()
    assert not rows(toothed.posedirs).any()
    assert not toothed.j_regressor[:, -120:].any()
    weights = rows(toothed.lbs_weights)
    for name, part in zip(ROWS, weights, strict=True):
        np.testing.assert_array_equal(part[:, 1 if name.startswith("upper") else 2], 1.0)
        assert part.sum() == 15
    shapes = rows(toothed.shapedirs)
    np.testing.assert_array_equal(shapes, np.broadcast_to(shapes[:1], shapes.shape))
    lips = bare.shapedirs[bare.regions["lips"]]
    for column, number in ((0, 54), (-1, 48)):
        corner = bare.shapedirs[landmark_vertex(bare.landmarks, number)]
        np.testing.assert_allclose(shapes[0, column], corner, atol=1e-7)
    assert np.linalg.norm(shapes[0] - lips.mean(axis=0), axis=1).max() < np.linalg.norm(lips, axis=1).max()


def test_the_rest_of_the_head_and_its_landmarks_stay(bare, toothed):
    fields = {"jaw_pose": JAW_OPEN, "neck_pose": (0.1, 0.4, 0.0), "shape": np.linspace(-2, 2, 100)}
    before, after = posed(bare, **fields), posed(toothed, **fields)
    np.testing.assert_allclose(after.vertices[: bare.vertex_count], before.vertices, atol=1e-6)
    np.testing.assert_allclose(after.landmarks, before.landmarks, atol=1e-6)
    np.testing.assert_allclose(after.joints, before.joints, atol=1e-6)


@pytest.mark.parametrize(
    "fields",
    [{}, {"jaw_pose": JAW_OPEN}, {"shape": 2.0 * np.cos(np.arange(100))}, {"smile": 1.0}],
    ids=["neutral", "jaw", "another head", "smile"],
)
def test_no_tooth_pokes_through_the_skin(head_model, bare, toothed, fields):
    fields = dict(fields)
    if fields.pop("smile", None):
        smiles = [name.startswith("mouthSmile") for name in head_model.expression_names]
        fields["expr"] = np.array(smiles, np.float32)
    surface = posed(toothed, **fields)
    skin, teeth = surface.vertices[bare.faces], surface.vertices[-TEETH_VERTICES:]
    seen = [point for point in teeth if not _covered(point, skin)]
    mouth = surface.landmarks[60:68]
    for point in seen:
        assert point[2] < mouth[:, 2].max()
        assert mouth[:, 0].min() < point[0] < mouth[:, 0].max()
        assert mouth[:, 1].min() - 1e-3 < point[1] < mouth[:, 1].max() + 1e-3


def _covered(point, triangles):
    """Whether a triangle lies between ``point`` and an eye far in front of the face."""
    a, b, c = (triangles[:, corner, :2].astype(np.float64) - point[:2] for corner in range(3))
    areas = np.stack([_cross(b, c), _cross(c, a), _cross(a, b)], axis=1)
    total = areas.sum(axis=1)
    inside = (areas * np.sign(total)[:, None] > 0).all(axis=1) & (np.abs(total) > 1e-14)
    depth = (areas[inside] / total[inside, None] * triangles[inside][:, :, 2]).sum(axis=1)
    return bool((depth > point[2]).any())


def _cross(first, second):
    return first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]


def test_the_lower_ones_open_with_the_jaw(toothed):
    closed, opened = posed(toothed), posed(toothed, jaw_pose=JAW_OPEN)
    moved = rows(opened.vertices - closed.vertices)
    for name, part in zip(ROWS, moved, strict=True):
        if name.startswith("upper"):
            np.testing.assert_allclose(part, 0.0, atol=1e-7)
        else:
            assert (part[:, 1] < -5e-3).all()


def test_who_cannot_have_them(head_model, bare, toothed):
    assert "teeth of its own" in teeth_refusal(head_model)
    assert "teeth of its own" in teeth_refusal(toothed)
    assert "landmarks" in teeth_refusal(replace(bare, landmarks=None))
    assert teeth_refusal(bare) == ""
    with pytest.raises(StudioError, match="teeth of its own"):
        with_teeth(head_model)


def test_lips_in_pieces_are_told(bare):
    loose = replace(bare, faces=bare.faces[:1], uv_faces=bare.uv_faces[:1])
    with pytest.raises(StudioError, match="one surface"):
        with_teeth(loose)
