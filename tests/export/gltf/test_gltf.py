"""Motion in GLB files against the forward formula in float64, by a reader of their own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studio.backends import create_backend
from studio.controls.mapping_file import UnitMapping
from studio.document.control_state import ControlState
from studio.document.take import Take
from studio.export.gltf.job import GltfJob
from studio.export.gltf.options import GltfOptions
from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.sequence.clip import Clip
from studio.sequence.curves import Curve
from studio.sequence.examples import example_path
from studio.sequence.files import read_clip
from studio.sequence.layers import Layer
from studio.storage.errors import StudioError
from tests.backends.reference import forward
from tests.export.gltf.heads import flame_like, moving_clip, with_seams
from tests.export.gltf.reader import Player
from tests.export.gltf.saving import NEAR, apart, never, nowhere, save
from tests.export.gltf.validator import assert_valid

TARGETS = ("moving", "components", "units")


@pytest.mark.parametrize("identity", ["baked", "targets"])
@pytest.mark.parametrize("targets", TARGETS)
def test_every_frame_is_the_head(tmp_path: Path, targets: str, identity: str) -> None:
    model = with_seams(flame_like())
    clip = moving_clip(model)
    result = save(model, clip, tmp_path / "head.glb", targets=targets, identity=identity)
    assert apart(model, clip, result.path).max() < NEAR
    assert result.difference.largest < NEAR
    assert result.frames == len(clip)
    assert result.size == result.path.stat().st_size
    assert_valid(result.path)


@pytest.mark.parametrize("name", ["speak", "look_around"])
@pytest.mark.parametrize("targets", TARGETS)
def test_the_open_head_speaks(tmp_path: Path, head_model: HeadModel, targets: str, name: str) -> None:
    clip, _ = read_clip(example_path(name), head_model)
    clip = clip.part(20, 32).replace(shape=np.linspace(-1, 1, head_model.shape_count))
    result = save(head_model, clip, tmp_path / "head.glb", targets=targets, identity="targets")
    assert apart(head_model, clip, result.path).max() < NEAR
    assert_valid(result.path)


def test_without_correctives_the_difference_is_told(tmp_path: Path) -> None:
    model = flame_like()
    clip = moving_clip(model)
    result = save(model, clip, tmp_path / "head.glb", correctives="none")
    measured = apart(model, clip, result.path)
    assert measured.max() > 1e-3
    assert result.difference.largest == pytest.approx(measured.max(), abs=1e-6)
    assert result.difference.mean == pytest.approx(measured.mean(), abs=1e-7)
    assert result.difference.frame == measured.max(axis=1).argmax()
    assert any(f"{1e3 * measured.max():.2f} mm" in notice for notice in result.notices)


def test_components_that_were_not_chosen_are_told(tmp_path: Path) -> None:
    model = flame_like()
    clip = moving_clip(model)
    result = save(model, clip, tmp_path / "head.glb", targets="components", count=2)
    measured = apart(model, clip, result.path)
    assert [name for name in result.targets if name.startswith("Expression")] == [
        "Expression 1",
        "Expression 2",
    ]
    assert result.difference.largest == pytest.approx(measured.max(), abs=1e-6)
    assert "4 expression components move and were not chosen." in result.notices


def test_units_have_their_names_and_leave_joints_to_the_skeleton(
    tmp_path: Path, head_model: HeadModel
) -> None:
    clip, _ = read_clip(example_path("smile"), head_model)
    result = save(head_model, clip.part(0, 3), tmp_path / "head.glb", targets="units")
    player = Player.open(result.path)
    assert player.names == list(result.targets)
    assert {"mouthSmileLeft", "eyeBlinkRight", "browInnerUp"} <= set(player.names)
    assert "jawOpen" not in player.names
    assert any("jawOpen" in notice for notice in result.notices)
    place = head_model.expression_names.index("mouthSmileLeft")
    shown = player.moved[player.names.index("mouthSmileLeft")][: head_model.vertex_count]
    np.testing.assert_allclose(shown, head_model.expressiondirs[:, :, place], atol=1e-7)


def test_units_alone_tell_what_they_cannot_say(tmp_path: Path) -> None:
    model = flame_like(expressions=60)
    clip = moving_clip(model)
    result = save(model, clip, tmp_path / "head.glb", targets="units", rest="none")
    measured = apart(model, clip, result.path)
    assert measured.max() > 1e-4
    assert result.difference.largest == pytest.approx(measured.max(), abs=1e-6)
    assert "The face holds what no unit says, and that is left out." in result.notices


def test_joints_are_where_the_head_has_them(tmp_path: Path) -> None:
    model = flame_like()
    clip = moving_clip(model)
    player = Player.open(save(model, clip, tmp_path / "head.glb").path)
    for frame in range(len(clip)):
        found = player.joints(frame / clip.fps)
        wanted = forward(model, clip.frame(frame)).joints
        shown = np.array([found[name] for name in ("root", "neck", "jaw", "left_eye", "right_eye")])
        np.testing.assert_allclose(shown, wanted, atol=1e-6)


def test_between_frames_it_moves_as_the_take_does(tmp_path: Path) -> None:
    model = flame_like()
    model = replace(model, posedirs=np.zeros_like(model.posedirs))
    clip = moving_clip(model, frames=30)
    player = Player.open(save(model, clip, tmp_path / "head.glb").path)
    for position in np.linspace(0.0, len(clip) - 1.0, 41):
        wanted = forward(model, clip.at(position)).vertices
        np.testing.assert_allclose(player.vertices(position / clip.fps), wanted, atol=NEAR)


def test_quaternions_go_the_shorter_way(tmp_path: Path) -> None:
    model = flame_like()
    clip = moving_clip(model, frames=40)
    player = Player.open(save(model, clip, tmp_path / "head.glb").path)
    tracks = [values for (_, path), (_, values) in player.tracks.items() if path == "rotation"]
    assert len(tracks) == 5
    assert min(np.sum(values[1:] * values[:-1], axis=1).min() for values in tracks) > 0.0
    assert tracks[0][:, 3].min() < 0.0  # the root turned past half a turn and did not jump back


def test_only_what_moves_is_animated(tmp_path: Path, head_model: HeadModel) -> None:
    still = Params.neutral(head_model)
    jaw = np.zeros((5, 3), np.float32)
    jaw[:, 0] = np.linspace(0.0, 0.3, 5)
    clip = Clip.still(still.replace(neck_pose=(0.1, 0.2, 0.0)))
    frames = {name: np.repeat(getattr(clip, name), 5, axis=0) for name in ("expr", "rotation", "neck_pose")}
    frames |= {name: np.repeat(getattr(clip, name), 5, axis=0) for name in ("eyes_pose", "translation")}
    clip = Clip(shape=clip.shape, jaw_pose=jaw, fps=25.0, **frames)
    result = save(head_model, clip, tmp_path / "head.glb")
    player = Player.open(result.path)
    moved = {(player.gltf.nodes[node].name, path) for node, path in player.tracks}
    assert moved == {("jaw", "rotation"), ("head", "weights")}
    assert all(name.startswith("jaw corrective") for name in player.names)
    assert apart(head_model, clip, result.path).max() < NEAR


def test_a_still_has_no_animation_and_no_targets(tmp_path: Path) -> None:
    model = flame_like()
    clip = moving_clip(model).part(4, 5).replace(static_offset=np.full((model.vertex_count, 3), 0.002))
    result = save(model, clip, tmp_path / "head.glb")
    assert result.targets == ()
    assert Player.open(result.path).gltf.animations == []
    assert apart(model, clip, result.path).max() < NEAR
    assert_valid(result.path)


def test_vertex_offsets(tmp_path: Path) -> None:
    model = flame_like()
    random = np.random.default_rng(8)
    clip = moving_clip(model).replace(
        static_offset=random.normal(0, 2e-3, (model.vertex_count, 3)),
        dynamic_offset=random.normal(0, 2e-3, (9, model.vertex_count, 3)),
    )
    kept = save(model, clip, tmp_path / "kept.glb", offsets="targets")
    assert apart(model, clip, kept.path).max() < NEAR
    assert_valid(kept.path)
    left = save(model, clip, tmp_path / "left.glb")
    measured = apart(model, clip, left.path)
    assert left.difference.largest == pytest.approx(measured.max(), abs=1e-6)
    assert "Vertex offsets that change from frame to frame are left out." in left.notices


def test_too_many_offsets_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = flame_like()
    monkeypatch.setattr("studio.export.gltf.motion.MOST_OFFSETS", 5)
    clip = moving_clip(model).replace(dynamic_offset=np.full((9, model.vertex_count, 3), 0.001))
    with pytest.raises(StudioError, match="in each of 9 frames"):
        save(model, clip, tmp_path / "head.glb", offsets="targets")
    assert list(tmp_path.iterdir()) == []


def test_units_mean_what_the_users_mapping_says(tmp_path: Path) -> None:
    model = flame_like(expressions=60)
    clip = moving_clip(model, frames=3)
    matrix = np.random.default_rng(4).normal(0.0, 1.0, (2, 60))
    mapping = UnitMapping(("mouthSmileLeft", "browInnerUp"), matrix)
    backend = create_backend("torch", model, "cpu")
    job = GltfJob(
        backend,
        clip,
        tmp_path / "head.glb",
        options=GltfOptions(targets="units"),
        controls=ControlState(mapping=mapping, mapping_name="mine.npz"),
    )
    player = Player.open(job.run(nowhere, never).path)
    for row, name in enumerate(mapping.names):
        wanted = model.expressiondirs.astype(float) @ matrix[row]
        np.testing.assert_allclose(player.moved[player.names.index(name)], wanted, atol=1e-6)
    assert apart(model, clip, job.path).max() < NEAR


def test_keys_over_a_take_are_in_it(tmp_path: Path, head_model: HeadModel) -> None:
    clip, _ = read_clip(example_path("speak"), head_model)
    clip = clip.part(0, 8)
    values = np.array([[0.0, 0.0, 0.0], [0.25, 0.0, 0.0]])
    layer = Layer(curves={"jaw_pose": Curve.of([0.0, 10.0], values, turns=True)}, blend="add")
    take = replace(Take.of("Speak", clip), layers=(layer,), length=11)
    baked = take.baked()
    assert len(baked) == len(take) == 11
    result = save(head_model, baked, tmp_path / "head.glb")
    player = Player.open(result.path)
    for frame in range(11):
        wanted = forward(head_model, take.params(float(frame))).vertices[player.rows]
        np.testing.assert_allclose(player.vertices(frame / take.fps), wanted, atol=NEAR)
