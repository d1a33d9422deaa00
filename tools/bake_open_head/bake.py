"""The whole bake: from the MakeHuman files to the arrays of the open head."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .assembly import HeadMesh, assemble, place
from .expressions import CLOSE_UNIT, JAW_UNIT, expression_names, read_units
from .identity import Identity, build_identity
from .landmarks import Embedding, build_landmarks
from .lips import close_lips
from .phenotypes import average_shape
from .regions import build_regions
from .rig import JAW_OPEN, Rig, before_open_jaw, build_rig, jaw_hinge, joint_operator, joint_regressor
from .source import Array, Indices, read_base_mesh
from .write import quantised

NAME, VERSION, LICENCE = "Open head", "1", "CC0 1.0"
NECK_IMPORTANCE, INSIDE_IMPORTANCE = 0.35, 0.3
STILL = 0.0003  # metres; joints hang on vertices that no expression moves farther


@dataclass(frozen=True, eq=False)
class OpenHead:
    """Everything that is baked."""

    mesh: HeadMesh
    units: dict[str, Array]
    identity: Identity
    rig: Rig
    regressor: Array
    regions: dict[str, Indices]
    landmarks: Embedding


def bake(folder: Path, plain: bool = False) -> OpenHead:
    """Bake the head from the MakeHuman data in ``folder``; ``plain`` without what is mended on it."""
    base = read_base_mesh(folder)
    mesh = assemble(folder, base, plain)
    average = place(average_shape(folder, base.vertices), mesh)
    units = read_units(folder, base, mesh, average)
    hinge = jaw_hinge(mesh, units[JAW_UNIT])
    regions = build_regions(folder, mesh)
    identity = build_identity(
        folder, base, mesh, joint_operator(base, average, hinge), _importance(mesh, regions)
    )
    mouth = np.concatenate([regions["lips"], regions["mouth_cavity"]])
    pressed = 0.0 if plain else close_lips(identity.mean, units[JAW_UNIT], mouth, mesh.mirror)
    template = (identity.mean + pressed).round(9)
    mesh = dataclasses.replace(mesh, template=template)
    regions = build_regions(folder, mesh)
    rig = build_rig(folder, base, mesh, identity.joints, units)
    # made to be added to the open mouth, as expressions are added before the jaw turns
    units[CLOSE_UNIT] = before_open_jaw(units[CLOSE_UNIT], rig.weights[:, 2])
    regressor = joint_regressor(
        template,
        rig.joints,
        identity.samples,
        _sample_joints(identity, rig),
        _joint_candidates(mesh, units, regions),
    )
    return OpenHead(mesh, units, identity, rig, regressor, regions, _landmarks(mesh, rig, regions))


def _importance(mesh: HeadMesh, regions: dict[str, Indices]) -> Array:
    weight = np.full(len(mesh.template), INSIDE_IMPORTANCE)
    for name in ("face", "scalp", "ears"):
        weight[regions[name]] = 1.0
    weight[regions["neck"]] = NECK_IMPORTANCE
    return weight


def _sample_joints(identity: Identity, rig: Rig) -> Array:
    """Joints of the sampled people, moved so that their mean is the template's joints."""
    return identity.sample_joints + (rig.joints - identity.joints)


def _joint_candidates(mesh: HeadMesh, units: dict[str, Array], regions: dict[str, Indices]) -> list[Indices]:
    names = expression_names(units)
    still = np.max([np.linalg.norm(units[name], axis=1) for name in names], axis=0) < STILL
    skin = np.concatenate([regions[name] for name in ("face", "scalp", "ears", "neck")])
    skin = np.unique(skin[still[skin]])
    return [skin, skin, skin, mesh.regions["left_eyeball"], mesh.regions["right_eyeball"]]


def _landmarks(mesh: HeadMesh, rig: Rig, regions: dict[str, Indices]) -> Embedding:
    outside = mesh.mask_uv[:, 0, 0] >= 0.0
    unwanted = np.concatenate([regions["ears"], regions["neck"]])
    skin_faces = np.flatnonzero(outside & ~np.isin(mesh.faces, unwanted).any(axis=1))
    used = np.unique(mesh.faces[skin_faces])
    follows_jaw = rig.weights[:, 2] / np.maximum(rig.weights[:, 1] + rig.weights[:, 2], 1e-9)
    lips = np.intersect1d(regions["lips"], used)
    cavities = np.concatenate([mesh.regions["left_eye_cavity"], mesh.regions["right_eye_cavity"]])
    return build_landmarks(
        mesh.template, mesh.faces, skin_faces,
        lips[follows_jaw[lips] < 0.5], lips[follows_jaw[lips] >= 0.5], np.intersect1d(cavities, used),
    )  # fmt: skip


def arrays_of(head: OpenHead) -> tuple[dict[str, NDArray], dict[str, object]]:
    """The arrays and properties that are written."""
    names = expression_names(head.units)
    shape, shape_step = quantised(head.identity.components)
    expression, expression_step = quantised(np.stack([head.units[name] for name in names], axis=-1))
    used = np.flatnonzero(np.abs(head.rig.posedirs).max(axis=(0, 1)) > 0.0)
    pose, pose_step = quantised(head.rig.posedirs[:, :, used])
    joints, vertices = np.nonzero(head.regressor)
    region_names = sorted(head.regions)
    arrays: dict[str, NDArray] = {
        "v_template": head.mesh.template.astype(np.float32),
        "faces": head.mesh.faces.astype(np.int32),
        "shapedirs": shape,
        "shapedirs_step": shape_step,
        "expressiondirs": expression,
        "expressiondirs_step": expression_step,
        "posedirs": pose,
        "posedirs_step": pose_step,
        "posedirs_columns": used.astype(np.int32),
        "lbs_weights": head.rig.weights.round(7).astype(np.float32),
        "regressor_joints": joints.astype(np.int32),
        "regressor_vertices": vertices.astype(np.int32),
        "regressor_weights": head.regressor[joints, vertices].round(7).astype(np.float32),
        "uv": head.mesh.uv.round(7).astype(np.float32),
        "uv_faces": head.mesh.uv_faces.astype(np.int32),
        "static_faces": head.landmarks.static_faces.astype(np.int32),
        "static_barycentric": head.landmarks.static_barycentric.round(7).astype(np.float32),
        "contour_faces": head.landmarks.contour_faces.astype(np.int32),
        "contour_barycentric": head.landmarks.contour_barycentric.round(7).astype(np.float32),
        "region_vertices": np.concatenate([head.regions[name] for name in region_names]).astype(np.int32),
        "region_ends": np.cumsum([len(head.regions[name]) for name in region_names]).astype(np.int32),
    }
    properties: dict[str, object] = {
        "name": NAME,
        "version": VERSION,
        "licence": LICENCE,
        "expression_names": names,
        "region_names": region_names,
        "shape_range": [-3.0, 3.0],
        "expression_range": [0.0, 1.0],
        "correctives": [{"expression": names.index(CLOSE_UNIT), "joint": 2, "pose": [JAW_OPEN, 0.0, 0.0]}],
    }
    return arrays, properties
