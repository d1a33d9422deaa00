"""The mesh of a head in a GLB: rows, morph targets, skin weights."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.export.gltf.container import TRIANGLES, VERTICES, Binary, Json, index_type
from studio.export.gltf.rows import Rows, rows_of
from studio.export.gltf.skin import influences
from studio.export.gltf.targets import Morphs, Target
from studio.flame.model import HeadModel
from studio.flame.normals import vertex_normals
from studio.jobs.job import Cancelled, Progress, Report, check

Floats = NDArray[np.float32]

LEAST_REACH = 0.02  # a weight that says nothing of how a target is used
SPARSE_BELOW = 0.8  # share of a dense accessor's bytes


def add_mesh(
    binary: Binary,
    model: HeadModel,
    morphs: Morphs,
    colours: Floats | None,
    target_normals: bool,
    progress: Report,
    cancelled: Cancelled,
) -> Json:
    """The mesh, its arrays put into ``binary``.

    Args:
        binary: takes the arrays.
        model: of V vertices.
        morphs: the head before its joints turn.
        colours: linear colours (V, 3); None: the material has its own.
        target_normals: give each target the change of the normals that it makes.
        progress: is told of the targets done.
        cancelled: is asked at each target.

    Raises:
        JobCancelled: it was asked to stop.

    """
    rows = rows_of(model)
    normals = vertex_normals(morphs.base, model.faces)
    attributes = {
        "POSITION": binary.add(rows.spread(morphs.base), VERTICES, bounded=True),
        "NORMAL": binary.add(rows.spread(normals), VERTICES),
    }
    if rows.uv is not None:
        attributes["TEXCOORD_0"] = binary.add(rows.uv, VERTICES)
    if colours is not None:
        attributes["COLOR_0"] = binary.add(rows.spread(colours), VERTICES)
    for number, (joints, weights) in enumerate(influences(model.lbs_weights)):
        attributes[f"JOINTS_{number}"] = binary.add(rows.spread(joints), VERTICES)
        attributes[f"WEIGHTS_{number}"] = binary.add(rows.spread(weights), VERTICES)
    corners = rows.faces.astype(index_type(len(rows.vertices)))
    primitive: Json = {
        "attributes": attributes,
        "indices": binary.add(corners.reshape(-1), TRIANGLES),
        "material": 0,
    }
    mesh: Json = {"name": "head", "primitives": [primitive], "extras": _facts(rows)}
    if not morphs.targets:
        return mesh
    primitive["targets"] = []
    for done, target in enumerate(morphs.targets):
        check(cancelled)
        progress(Progress(done, len(morphs.targets), "Writing targets"))
        accessors = {"POSITION": _add_moved(binary, rows, target.moved)}
        if target_normals:
            accessors["NORMAL"] = _add_moved(binary, rows, _turned(model, morphs.base, normals, target))
        primitive["targets"].append(accessors)
    mesh["weights"] = morphs.weights[0].tolist()
    mesh["extras"]["targetNames"] = [target.name for target in morphs.targets]
    return mesh


def _turned(model: HeadModel, base: Floats, normals: Floats, target: Target) -> Floats:
    """What ``target`` adds to the normals (V, 3) at weight 1.

    Normals are not linear: it is the secant up to the weight that is farthest from 0 over time, and up to 1
    where the target is not used.
    """
    reach = float(target.weights[np.argmax(np.abs(target.weights))])
    reach = reach if abs(reach) > LEAST_REACH else 1.0
    changed = (vertex_normals(base + np.float32(reach) * target.moved, model.faces) - normals) / reach
    changed[~_near(model, target.moved)] = 0.0
    return changed.astype(np.float32)


def _near(model: HeadModel, moved: Floats) -> NDArray[np.bool_]:
    """The vertices (V,) in a face of which some vertex moves: normals of all others stay as they are."""
    moving = np.asarray(moved.any(axis=1))
    touched = moving[model.faces].any(axis=1)
    near = np.zeros(len(moved), bool)
    near[model.faces[touched]] = True
    return near


def _add_moved(binary: Binary, rows: Rows, moved: Floats) -> int:
    """An accessor of what a target adds to each row: sparse where most of it is nothing."""
    spread = rows.spread(moved)
    places = np.flatnonzero(spread.any(axis=1))
    index_bytes = index_type(len(spread)).itemsize
    if len(places) * (12 + index_bytes) < SPARSE_BELOW * 12 * len(spread):
        return binary.add_sparse(places, spread[places], len(spread))
    return binary.add(spread, VERTICES, bounded=True)


def _facts(rows: Rows) -> Json:
    """What a program needs to find the model's vertices again."""
    return {"vertices": rows.vertex_count, "copies_of": rows.copied.tolist()}
