"""Joints, skinning weights, pose correctives and the joint regressor."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.optimize import nnls

from .assembly import HeadMesh
from .expressions import JAW_UNIT
from .parts import affine_weights, neighbour_average
from .source import Array, BaseMesh, Indices, head_bones, read_bone_weights

JAW_OPEN = 0.385  # radians about +X: the rotation of the lower teeth in the unit jawOpen
HINGE_REACH = 0.095  # metres about the jaw's hinge whose skin it follows
CUT_WEIGHT = 0.30  # how much the cut edge would follow the head; taken off, so that the edge keeps still
NEAR = 400  # vertices about a joint that may carry its weight
GAZE_UP_SHARE, GAZE_SIDE_SHARE = 0.7, 0.8
GAZE_DEGREES_VERTICAL, GAZE_DEGREES_SIDE = 9.5, 13.5


@dataclass(frozen=True, eq=False)
class Rig:
    """Template joints (5, 3), lbs_weights (V, 5), posedirs (V, 3, 36)."""

    joints: Array
    weights: Array
    posedirs: Array


def rotation_x(angle: float) -> Array:
    """The matrix (3, 3) of a rotation of ``angle`` radians about +X."""
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])


def joint_operator(base: BaseMesh, average: Array, jaw_pivot: Array) -> sparse.csr_matrix:
    """The joints (5, base vertices) as points that follow the base mesh, ``average`` in the head's frame.

    The jaw's hinge is tied to the skin about it; the cube that MakeHuman calls jaw lies near the chin.
    """
    rows = np.zeros((5, len(average)))

    def add(row: int, name: str, weight: float = 1.0) -> None:
        ids = base.joint(name)
        rows[row, ids] += weight / len(ids)

    add(0, "neck")
    add(1, "neck", 0.45)
    add(1, "head", 0.55)
    add(3, "l-eye")
    add(4, "r-eye")
    body = base.groups["body"].vertices
    distance = np.linalg.norm(average[body] - jaw_pivot, axis=1)
    near = body[distance < HINGE_REACH]
    rows[2, near] = affine_weights(jaw_pivot[None], average[near])[0]
    return sparse.csr_matrix(rows)


def jaw_hinge(mesh: HeadMesh, unit: Array) -> Array:
    """The point (3,) in the symmetry plane about which ``unit`` turns the lower teeth by ``JAW_OPEN``."""
    teeth = mesh.regions["lower_teeth"]
    before = mesh.template[teeth, 1:].mean(axis=0)
    after = before + unit[teeth, 1:].mean(axis=0)
    turn = rotation_x(JAW_OPEN)[1:, 1:]
    return np.array([0.0, *np.linalg.solve(np.eye(2) - turn, after - turn @ before)])


def build_rig(folder: Path, base: BaseMesh, mesh: HeadMesh, joints: Array, units: dict[str, Array]) -> Rig:
    """The rig of the head on its template; ``joints`` (5, 3) with the jaw's hinge still to be found."""
    smooth = neighbour_average(mesh.faces, len(mesh.template))
    pivot = jaw_hinge(mesh, units[JAW_UNIT])
    joints = joints.copy()
    joints[2] = pivot
    neck = _neck_weight(folder, base, mesh, smooth)
    jaw = _jaw_weight(mesh, units[JAW_UNIT], pivot, smooth)
    weights = np.zeros((len(neck), 5))
    weights[:, 0], weights[:, 1], weights[:, 2] = 1.0 - neck, neck * (1.0 - jaw), neck * jaw
    for joint, name in ((3, "left_eyeball"), (4, "right_eyeball")):
        weights[mesh.regions[name]] = np.eye(5)[joint]
    posedirs = np.zeros((len(neck), 3, 36))
    _add_jaw_corrective(posedirs, mesh, units[JAW_UNIT], pivot, weights[:, 2])
    _add_lid_follow(posedirs, mesh, units)
    return Rig(joints, weights, posedirs)


def _neck_weight(folder: Path, base: BaseMesh, mesh: HeadMesh, smooth: Array) -> Array:
    bones = read_bone_weights(folder, len(base.vertices))
    head = sum(bones[name] for name in head_bones(folder) if name in bones)
    follow = head + 0.85 * bones["neck03"] + 0.5 * bones["neck02"] + 0.15 * bones["neck01"]
    weight = np.clip((mesh.operator @ np.clip(follow, 0.0, 1.0) - CUT_WEIGHT) / (1.0 - CUT_WEIGHT), 0.0, 1.0)
    for _ in range(6):
        weight = smooth @ weight
    rigid = np.concatenate([ids for name, ids in mesh.regions.items() if name != "neck_cut"])
    weight[rigid] = 1.0
    return weight


def _jaw_weight(mesh: HeadMesh, unit: Array, pivot: Array, smooth: Array) -> Array:
    turned = (mesh.template - pivot) @ rotation_x(JAW_OPEN).T + pivot - mesh.template
    weight = np.clip((unit * turned).sum(axis=1) / np.maximum((turned * turned).sum(axis=1), 1e-12), 0.0, 1.0)
    for _ in range(2):
        weight = smooth @ weight
    for name, value in (("upper", 0.0), ("lower", 1.0)):
        weight[mesh.regions[f"{name}_teeth"]] = value
        weight[mesh.regions[f"{name}_gums"]] = value
    weight[mesh.regions["left_eyeball"]] = weight[mesh.regions["right_eyeball"]] = 0.0
    return weight


def before_open_jaw(moved: Array, weight: Array) -> Array:
    """Displacements (V, 3) that skinning by the open jaw with ``weight`` (V,) turns into ``moved``."""
    blend = np.eye(3) + weight[:, None, None] * (rotation_x(JAW_OPEN) - np.eye(3))
    return np.linalg.solve(blend, moved[:, :, None])[:, :, 0].astype(np.float64)


def _add_jaw_corrective(posedirs: Array, mesh: HeadMesh, unit: Array, pivot: Array, weight: Array) -> None:
    """What the unit does beyond the jaw's rotation, on the sine entries of the rotation matrix, R - I.

    Pose correctives are added before skinning, so the residual is turned back.
    """
    turned = (mesh.template - pivot) @ rotation_x(JAW_OPEN).T + pivot - mesh.template
    residual = before_open_jaw(unit - weight[:, None] * turned, weight)
    fixed = np.concatenate(
        [mesh.regions[f"{name}_{kind}"] for name in ("upper", "lower") for kind in ("teeth", "gums")]
    )
    residual[fixed] = 0.0
    for entry, sign in ((7, 1.0), (5, -1.0)):
        posedirs[:, :, 9 + entry] += sign * residual / (2.0 * np.sin(JAW_OPEN))


def _add_lid_follow(posedirs: Array, mesh: HeadMesh, units: dict[str, Array]) -> None:
    """The lids' share of the gaze units, the odd part only: the even one would shut them at wide angles."""
    eyeballs = np.concatenate([mesh.regions["left_eyeball"], mesh.regions["right_eyeball"]])
    for joint, side, outward in ((3, "Left", 1.0), (4, "Right", -1.0)):
        down = 0.5 * (units[f"eyeLookDown{side}"] - units[f"eyeLookUp{side}"])
        out = 0.5 * (units[f"eyeLookOut{side}"] - units[f"eyeLookIn{side}"]) * outward
        down[eyeballs] = out[eyeballs] = 0.0
        first = 9 * (joint - 1)
        vertical = GAZE_UP_SHARE * down / (2.0 * np.sin(np.radians(GAZE_DEGREES_VERTICAL)))
        sideways = GAZE_SIDE_SHARE * out / (2.0 * np.sin(np.radians(GAZE_DEGREES_SIDE)))
        posedirs[:, :, first + 7] += vertical
        posedirs[:, :, first + 5] -= vertical
        posedirs[:, :, first + 2] += sideways
        posedirs[:, :, first + 6] -= sideways


def joint_regressor(
    template: Array, joints: Array, samples: Array, sample_joints: Array, candidates: list[Indices]
) -> Array:
    """Regressor (5, V): sparse, non-negative, rows sum to one, fitted to people.

    Args:
        template: (V, 3).
        joints: (5, 3) on the template.
        samples: (N, V, 3) people.
        sample_joints: (N, 5, 3) where their joints are.
        candidates: the vertex ids that may carry weight, for each joint.

    """
    regressor = np.zeros((5, len(template)))
    for joint, place in enumerate(joints):
        near = np.argsort(np.linalg.norm(template[candidates[joint]] - place, axis=1), kind="stable")[:NEAR]
        ids = candidates[joint][near]
        people = samples[:, ids].transpose(0, 2, 1).reshape(-1, len(ids))
        stress = float(len(samples))
        rows = np.concatenate([stress * template[ids].T, people, np.full((1, len(ids)), stress)])
        wanted = np.concatenate([stress * place, sample_joints[:, joint].ravel(), [stress]])
        solution, _ = nnls(rows.astype(np.float64), wanted)
        regressor[joint, ids] = solution / solution.sum()
    return regressor
