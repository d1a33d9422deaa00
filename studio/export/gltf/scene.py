"""The document of a GLB: nodes, skin and animation around a mesh."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio import __version__
from studio.export.gltf.container import Binary, Json
from studio.export.gltf.joints import JointMotion, moves
from studio.export.gltf.skin import inverse_binds
from studio.export.gltf.targets import Morphs
from studio.export.note import licence_note
from studio.flame.model import JOINT_NAMES, HeadModel

Floats = NDArray[np.float32]

HEAD = 0  # the node of the mesh
FIRST_JOINT = 1
SHIFTED = "{}_skin"  # a node that carries the skin of a joint which moves with the face


@dataclass(frozen=True)
class Naming:
    """What the take is called, and its rate in frames per second."""

    take: str
    fps: float


def scene_of(
    binary: Binary,
    model: HeadModel,
    mesh: Json,
    surface: Json,
    joints: JointMotion,
    morphs: Morphs,
    naming: Naming,
) -> Json:
    """The document without its arrays, which go into ``binary``.

    Args:
        binary: takes the arrays.
        model: of the head.
        mesh: as :func:`studio.export.gltf.mesh.add_mesh` makes it.
        surface: as :func:`studio.export.gltf.material.add_material` makes it.
        joints: over T frames.
        morphs: over the same frames.
        naming: of take and rate.

    """
    nodes, skin_joints = _nodes(model.parents, joints)
    skin = {
        "name": "joints",
        "joints": skin_joints,
        "skeleton": FIRST_JOINT,
        "inverseBindMatrices": binary.add(inverse_binds(joints.rest)),
    }
    document: Json = {
        "asset": _asset(model, naming, len(joints.rotations)),
        "scene": 0,
        "scenes": [{"name": naming.take, "nodes": [HEAD, FIRST_JOINT]}],
        "nodes": nodes,
        "meshes": [mesh],
        "skins": [skin],
        **surface,
    }
    animation = _animation(binary, joints, morphs, naming)
    return document | ({"animations": [animation]} if animation["channels"] else {})


def _asset(model: HeadModel, naming: Naming, frames: int) -> Json:
    return {
        "version": "2.0",
        "generator": f"FLAME Studio {__version__}",
        "copyright": licence_note(model),
        "extras": {
            "model": {"name": model.name, "version": model.version, "digest": model.digest},
            "licence": model.licence,
            "take": naming.take,
            "frames": frames,
            "fps": naming.fps,
        },
    }


def _nodes(parents: tuple[int, ...], joints: JointMotion) -> tuple[list[Json], list[int]]:
    """All nodes as they are in the first frame, and those that the skin hangs on."""
    nodes: list[Json] = [{"name": "head", "mesh": 0, "skin": 0}]
    for joint, name in enumerate(JOINT_NAMES):
        nodes.append(
            {
                "name": name,
                "translation": joints.translations[0, joint].tolist(),
                "rotation": joints.rotations[0, joint].tolist(),
            }
        )
    for joint, parent in enumerate(parents):
        if parent >= 0:
            nodes[FIRST_JOINT + parent].setdefault("children", []).append(FIRST_JOINT + joint)
    skin_joints = [FIRST_JOINT + joint for joint in range(len(parents))]
    for joint in joints.shifted:
        skin_joints[joint] = len(nodes)
        nodes[FIRST_JOINT + joint].setdefault("children", []).append(len(nodes))
        nodes.append({"name": SHIFTED.format(JOINT_NAMES[joint])})
    return nodes, skin_joints


def _animation(binary: Binary, joints: JointMotion, morphs: Morphs, naming: Naming) -> Json:
    """Channels of everything that moves, at the frames of the take and linear between them."""
    samplers: list[Json] = []
    channels: list[Json] = []
    times = np.arange(len(joints.rotations)) / naming.fps
    clock: list[int] = []

    def animate(node: int, path: str, track: Floats) -> None:
        if not moves(track.reshape(len(track), -1)):
            return
        if not clock:
            clock.append(binary.add(times.astype(np.float32), bounded=True))
        output = binary.add(np.ascontiguousarray(track))
        channels.append({"sampler": len(samplers), "target": {"node": node, "path": path}})
        samplers.append({"input": clock[0], "output": output, "interpolation": "LINEAR"})

    for joint in range(len(JOINT_NAMES)):
        animate(FIRST_JOINT + joint, "translation", joints.translations[:, joint])
        animate(FIRST_JOINT + joint, "rotation", joints.rotations[:, joint])
    for place, joint in enumerate(joints.shifted):
        animate(FIRST_JOINT + len(JOINT_NAMES) + place, "translation", joints.shifts[:, joint])
    if morphs.targets:
        weights = morphs.weights
        if moves(weights):
            animate(HEAD, "weights", weights.reshape(-1))
    extras: dict[str, Any] = {"fps": naming.fps}
    return {"name": naming.take, "samplers": samplers, "channels": channels, "extras": extras}
