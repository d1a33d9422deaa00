"""Left and right of a head's parameters: flipped, copied from one side to the other, and edited together.

The plane between the sides is that of the neutral head. What a reflection does to a basis is in
:mod:`mirror_basis`; joints are reflected as rotations are, the components along y and z change their sign.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from studio.controls.mirror_basis import (
    WHOLE,
    Field,
    Side,
    mirror_basis,
    partner,
)
from studio.controls.mirror_surface import SIDES, TURN, mirror_surface
from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.sequence.clip import Clip

Array = NDArray[np.float64]
Floats = NDArray[np.float32]

FIELDS: tuple[Field, ...] = ("shape", "expr")
PAIRED = {"eyelids": 1, "eyes_pose": 3}  # components of one side, left then right


def flipped(model: HeadModel, params: Params) -> Params:
    """``params`` with left and right exchanged, head and gaze too; flipped twice it is what it was.

    Vertex offsets are flipped where they are for the mesh of ``model``, and stay where they are not.
    """
    offset = _flipped_offset(model, params.vertex_offset)
    return params.replace(**_flipped_fields(model, params), vertex_offset=offset)


def flipped_clip(model: HeadModel, clip: Clip) -> Clip:
    """``clip`` with left and right exchanged in every frame, as :func:`flipped` does it."""
    static, dynamic = clip.static_offset, clip.dynamic_offset
    if dynamic is not None:
        dynamic = np.stack([_reflected(model, frame) for frame in dynamic])
    return clip.replace(
        **_flipped_fields(model, clip), static_offset=_flipped_offset(model, static), dynamic_offset=dynamic
    )


def mirrored(model: HeadModel, params: Params, source: Side) -> Params:
    """``params`` with the face of the ``source`` side on both: identity, expression, lids and eyes.

    The head keeps its turn and its place. The other eye turns as that of the source side does, so that
    both look the same way; what goes to one side as a whole (jaw, mouth) goes back to the middle.
    """
    pair = {field: _halves(getattr(params, field))[source == "right"] for field in PAIRED}
    return params.replace(
        **{field: _copied(model, params, field, source) for field in FIELDS},
        **{field: np.tile(values, 2) for field, values in pair.items()},
        jaw_pose=params.jaw_pose * (1.0, 0.0, 0.0),
        vertex_offset=_copied_offset(model, params.vertex_offset, source),
    )


def other_sides(model: HeadModel, field: str, indices: Sequence[int]) -> dict[int, float]:
    """The components of ``field`` that do on the other side what ``indices`` do, and with which sign.

    Eyes and eyelids have sides on every model, shape and expression where ``model`` names them, and the
    joints of the head have none. What is among ``indices`` itself is left out.
    """
    others: list[tuple[int | None, float]]
    if field in PAIRED:
        width = PAIRED[field]
        signs = TURN if width == len(TURN) else np.ones(width)
        others = [((index + width) % (2 * width), float(signs[index % width])) for index in indices]
    elif field in FIELDS:
        names = model.shape_names if field == "shape" else model.expression_names
        others = [(partner(names, index), 1.0) for index in indices]
    else:
        others = []
    return {other: sign for other, sign in others if other is not None and other not in indices}


def mirror_matrix(model: HeadModel, fields: Sequence[str]) -> Array:
    """What a reflection makes of the components of ``fields``, one after the other, as a matrix (N, N).

    ``fields`` are among shape, expr, eyelids and jaw_pose.
    """
    blocks = []
    for field in fields:
        match field:
            case "shape" | "expr":
                blocks.append(mirror_basis(model, field).flip)
            case "eyelids":
                blocks.append(np.eye(2)[::-1])
            case _:
                blocks.append(np.diag(TURN.astype(np.float64)))
    size = sum(len(block) for block in blocks)
    matrix, start = np.zeros((size, size)), 0
    for block in blocks:
        stop = start + len(block)
        matrix[start:stop, start:stop] = block
        start = stop
    return matrix


def _flipped_fields(model: HeadModel, fields: Params | Clip) -> dict[str, NDArray]:
    """What parameters, or those of every frame of a clip, are with left and right exchanged."""
    eyes = fields.eyes_pose.reshape(*fields.eyes_pose.shape[:-1], 2, 3)[..., ::-1, :] * TURN
    return {
        **{field: _times(mirror_basis(model, field).flip, getattr(fields, field)) for field in FIELDS},
        **{name: getattr(fields, name) * TURN for name in ("rotation", "neck_pose", "jaw_pose")},
        "eyes_pose": eyes.reshape(fields.eyes_pose.shape),
        "translation": fields.translation * SIDES,
        "eyelids": fields.eyelids[..., ::-1],
    }


def _times(matrix: Array, values: NDArray) -> Array:
    """``matrix`` (N, N) times ``values`` (..., n), which may be fewer; those beyond N stay."""
    count = len(matrix)
    known = np.zeros((*values.shape[:-1], count))
    known[..., : min(values.shape[-1], count)] = values[..., :count]
    return np.concatenate([known @ matrix.T, values[..., count:]], axis=-1)


def _halves(values: Floats) -> tuple[Floats, Floats]:
    """What is left's and what is right's of a field that has one after the other."""
    left, right = np.split(values, 2)
    return left, right


def _names(model: HeadModel, field: Field) -> tuple[str, ...]:
    return model.shape_names if field == "shape" else model.expression_names


def _copied(model: HeadModel, params: Params, field: Field, source: Side) -> Array:
    values = _times(mirror_basis(model, field).copied_from(source), getattr(params, field))
    names = _names(model, field)
    for pair in WHOLE:
        if set(pair) <= set(names):
            places = [names.index(name) for name in pair]
            values[places] = values[places].min()
    return values


def _flipped_offset(model: HeadModel, offset: Floats | None) -> Floats | None:
    return None if offset is None else _reflected(model, offset)


def _reflected(model: HeadModel, offset: Floats) -> Floats:
    """Vertex offsets (V, 3), reflected; themselves where they are for another mesh."""
    if len(offset) != model.vertex_count:
        return offset
    return mirror_surface(model).reflected(offset[:, :, None])[:, :, 0]


def _copied_offset(model: HeadModel, offset: Floats | None, source: Side) -> Floats | None:
    image = _flipped_offset(model, offset)
    if offset is None or image is None or image is offset:
        return offset
    left = mirror_surface(model).left(model.v_template).astype(np.float32)[:, None]
    kept = left if source == "left" else 1.0 - left
    return kept * offset + (1.0 - kept) * image
