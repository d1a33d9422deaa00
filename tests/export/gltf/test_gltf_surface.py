"""What GLB files hold beside motion: seams, normals, parts, skin, whose they are; the Khronos validator."""

from __future__ import annotations

import json
import shutil
import struct
from dataclasses import replace
from functools import partial
from itertools import chain, repeat
from pathlib import Path

import numpy as np
import pytest
import trimesh

from studio.backends import create_backend
from studio.document.look import Look
from studio.export.gltf.job import GltfJob
from studio.flame.model import HeadModel, Variant
from studio.flame.params import Params
from studio.flame.teeth import with_teeth
from studio.flame.variants import make_variant
from studio.jobs.job import JobCancelled
from studio.sequence.clip import Clip
from studio.sequence.examples import example_path
from studio.sequence.files import read_clip
from studio.storage.errors import StudioError
from tests.export.gltf.heads import flame_like, moving_clip, with_seams
from tests.export.gltf.reader import Player
from tests.export.gltf.saving import NEAR, apart, never, nowhere, save
from tests.export.gltf.validator import assert_valid, report
from tests.flame.plain_head import plain_head


def test_seams_split_vertices_behind_the_models_own(tmp_path: Path) -> None:
    model = with_seams(flame_like())
    result = save(model, moving_clip(model), tmp_path / "head.glb")
    player = Player.open(result.path)
    rows = player.rows
    assert player.extras["vertices"] == model.vertex_count
    np.testing.assert_array_equal(rows[player.faces], model.faces)
    shown = player.array(player.primitive.attributes.TEXCOORD_0)[player.faces]
    wanted = model.uv[model.uv_faces] * [1, -1] + [0, 1]
    np.testing.assert_allclose(shown, wanted, atol=1e-6)
    np.testing.assert_allclose(player.base, player.base[rows])
    np.testing.assert_allclose(player.moved, player.moved[:, rows])
    mesh = trimesh.load(result.path, process=False, force="mesh")
    np.testing.assert_allclose(mesh.vertices, player.base, atol=1e-6)
    np.testing.assert_array_equal(mesh.faces, player.faces)


def test_targets_that_move_little_are_sparse(tmp_path: Path, head_model: HeadModel) -> None:
    clip, _ = read_clip(example_path("speak"), head_model)
    result = save(head_model, clip.part(0, 30), tmp_path / "head.glb", texture=False)
    player = Player.open(result.path)
    targets = [target["POSITION"] for target in player.primitive.targets]
    sparse = [player.gltf.accessors[index].sparse is not None for index in targets]
    assert np.mean(sparse) > 0.9
    dense = 2 * len(targets) * 12 * len(player.base)
    assert result.size < 0.5 * dense


def test_normals_follow_their_targets(tmp_path: Path, head_model: HeadModel) -> None:
    clip, _ = read_clip(example_path("smile"), head_model)
    result = save(head_model, clip.part(0, 2), tmp_path / "head.glb", targets="components")
    player = Player.open(result.path)
    place = player.names.index("jawLeft")
    points = (player.base + player.moved[place])[: head_model.vertex_count]
    mesh = trimesh.Trimesh(points, head_model.faces, process=False)
    corners = points[head_model.faces]
    areas = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    wanted = np.zeros_like(points)
    for corner in range(3):
        np.add.at(wanted, mesh.faces[:, corner], areas)
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
    shown = (player.normals + player.target_normals[place])[: head_model.vertex_count]
    np.testing.assert_allclose(shown, wanted, atol=2e-4)
    plain = save(head_model, clip.part(0, 2), tmp_path / "plain.glb", target_normals=False)
    assert "NORMAL" not in Player.open(plain.path).primitive.targets[0]
    assert_valid(plain.path)


def test_teeth_and_hidden_parts(tmp_path: Path, head_model: HeadModel) -> None:
    model = make_variant(head_model, Variant(without=frozenset({"lashes", "eyeballs"})))
    clip, _ = read_clip(example_path("smile"), model)
    result = save(model, clip.part(30, 34), tmp_path / "head.glb")
    player = Player.open(result.path)
    assert len(player.faces) == len(model.faces) < len(head_model.faces)
    assert apart(model, clip.part(30, 34), result.path).max() < NEAR
    assert_valid(result.path)


def test_texture_roughness_and_clay(tmp_path: Path, head_model: HeadModel) -> None:
    clip = Clip.still(Params.neutral(head_model))
    look = Look()
    look = look.replace(finish=replace(look.finish, roughness=0.3))
    player = Player.open(save(head_model, clip, tmp_path / "skin.glb", look).path)
    surface = player.gltf.materials[0].pbrMetallicRoughness
    assert surface.roughnessFactor == pytest.approx(0.3)
    assert surface.metallicFactor == 0.0
    picture = trimesh.load(
        tmp_path / "skin.glb", process=False, force="mesh"
    ).visual.material.baseColorTexture
    from studio.render.texture import read_albedo

    wanted = read_albedo(head_model)[::-1]
    assert np.abs(np.asarray(picture, int) - wanted).mean() < 3.0
    clay = Player.open(save(head_model, clip, tmp_path / "clay.glb", look.replace(mode="shaded")).path)
    assert clay.gltf.images == []
    assert clay.gltf.materials[0].pbrMetallicRoughness.baseColorFactor[3] == 1.0


def test_it_says_what_it_is_and_whose(tmp_path: Path, head_model: HeadModel) -> None:
    clip, _ = read_clip(example_path("smile"), head_model)
    path = save(head_model, clip.part(0, 4), tmp_path / "head.glb").path
    magic, version, length = struct.unpack("<4sII", path.read_bytes()[:12])
    assert (magic, version, length) == (b"glTF", 2, path.stat().st_size)
    asset = Player.open(path).gltf.asset
    assert asset.generator.startswith("FLAME Studio")
    assert "CC0" in asset.copyright
    assert asset.extras["model"] == {
        "name": head_model.name,
        "version": head_model.version,
        "digest": head_model.digest,
    }
    assert Player.open(path).gltf.animations[0].name == "A take"


def test_cancelling_and_a_full_disk_leave_nothing(
    tmp_path: Path, head_model: HeadModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip, _ = read_clip(example_path("speak"), head_model)
    backend = create_backend("torch", head_model, "cpu")
    for stop in (1, 20, 100):
        answers = chain([False] * stop, repeat(True))
        with pytest.raises(JobCancelled):
            GltfJob(backend, clip, tmp_path / "head.glb").run(nowhere, partial(next, answers))
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(StudioError, match=r"head\.glb was not written: the disk is full"):
        GltfJob(backend, clip, tmp_path / "head.glb").run(nowhere, never)
    with pytest.raises(StudioError, match=r"\.glb"):
        GltfJob(backend, clip, tmp_path / "head.fbx").run(nowhere, never)
    assert list(tmp_path.iterdir()) == []


def test_the_validator_finds_what_is_wrong(tmp_path: Path) -> None:
    model = flame_like()
    path = save(model, moving_clip(model), tmp_path / "head.glb").path
    content = path.read_bytes()
    length = struct.unpack("<I", content[12:16])[0]
    document = json.loads(content[20 : 20 + length])
    document["accessors"][0]["count"] += 10**6
    text = json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (length - len(text))
    if len(text) == length:
        path.write_bytes(content[:20] + text + content[20 + length :])
    else:
        path.write_bytes(
            struct.pack("<4sIII4s", b"glTF", 2, len(content) + len(text) - length, len(text), b"JSON")
            + text
            + content[20 + length :]
        )
    assert report(path)["issues"]["numErrors"] > 0


def test_a_head_without_names_or_texture_and_with_teeth(tmp_path: Path, head_model: HeadModel) -> None:
    model = replace(with_teeth(plain_head()), textures=())
    clip = _on(model, read_clip(example_path("smile"), head_model)[0].part(10, 14))
    result = save(model, clip, tmp_path / "head.glb", targets="units")
    player = Player.open(result.path)
    assert {"mouthSmileLeft", "browInnerUp"} <= set(player.names)
    assert apart(model, clip, result.path).max() < NEAR
    assert player.gltf.images == []
    colours = player.array(player.primitive.attributes.COLOR_0)
    assert colours[model.regions["lips"]].mean(axis=0)[0] > colours[model.regions["lips"]].mean(axis=0)[1]
    assert_valid(result.path)


def _on(model: HeadModel, clip: Clip) -> Clip:
    """``clip`` without its eyelids, whose expression goes to the components of ``model``."""
    return clip.replace(eyelids=np.zeros((len(clip), 2)), model_digest=model.digest)
