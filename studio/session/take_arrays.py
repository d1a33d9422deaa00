"""A take as the arrays of one npz: a clip file, the offset that holds over all of it, and its keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import numpy as np
from numpy.typing import NDArray

from studio.document.film_errors import UNKNOWN
from studio.document.take import Take
from studio.flame.params import VECTORS, FloatArray, Params
from studio.sequence.clip import CHANNELS, Clip
from studio.sequence.layout import Recording, parse
from studio.sequence.offsets import DYNAMIC, STATIC
from studio.sequence.vertex_rows import VertexRows
from studio.session.layer_arrays import NAMES, layer_arrays, layers_of
from studio.session.surface_arrays import NAMES as SURFACES
from studio.session.surface_arrays import surface_arrays, surface_rows
from studio.storage.errors import DamagedFileError

_ERRORS = "fit_errors"
_OFFSET = "offset_"  # in front of the names of the offset's fields
_CLIP = ("shape", *CHANNELS, STATIC, DYNAMIC, "fps", "model_name", "model_digest")
_KNOWN = frozenset((*_CLIP, *NAMES, *SURFACES, _ERRORS, *(f"{_OFFSET}{name}" for name in (*VECTORS, STATIC))))


def arrays_of(take: Take) -> dict[str, NDArray]:
    """The arrays of ``take``; those of its clip have the names of a clip file."""
    clip, offset = take.clip, take.offset
    arrays = {name: getattr(clip, name) for name in ("shape", *CHANNELS)}
    arrays |= {name: getattr(clip, name) for name in (STATIC, DYNAMIC) if getattr(clip, name) is not None}
    moving = clip.dynamic_offset
    if isinstance(moving, VertexRows) and moving.source:
        arrays.pop(DYNAMIC)
        arrays |= surface_arrays(moving)
    arrays |= {
        "fps": np.array(clip.fps),
        "model_name": np.array(clip.model_name),
        "model_digest": np.array(clip.model_digest),
    }
    arrays |= {f"{_OFFSET}{name}": getattr(offset, name) for name in VECTORS}
    if offset.vertex_offset is not None:
        arrays[f"{_OFFSET}{STATIC}"] = offset.vertex_offset
    if take.fit_errors:
        arrays[_ERRORS] = np.array(take.fit_errors, np.float32)
    return {**arrays, **layer_arrays(take)}


def take_of(name: str, arrays: Mapping[str, NDArray], label: str) -> Take:
    """The take ``name`` of ``arrays``; ``label`` is what errors call them.

    Raises:
        StudioError: arrays are missing or disagree, or a number is not finite or beyond all bounds.

    """
    recording = parse({key: values for key, values in arrays.items() if key in _CLIP}, label)
    over = {
        key.removeprefix(_OFFSET): values
        for key, values in arrays.items()
        if key.startswith(_OFFSET) and key in _KNOWN
    }
    rows = surface_rows(arrays, len(recording), label)
    clip = Clip(
        shape=recording.shape,
        static_offset=recording.offsets.static,
        dynamic_offset=recording.offsets.dynamic if rows is None else cast("FloatArray", rows),
        fps=recording.fps,
        model_name=recording.model_name,
        model_digest=recording.model_digest,
        **recording.channels,
    )
    layers = layers_of(arrays, clip.expr.shape[1], label)
    return Take(name, clip, _offset(over, clip, label), **layers, fit_errors=_errors(arrays, len(clip)))


def _errors(arrays: Mapping[str, NDArray], count: int) -> tuple[float, ...]:
    """What each of ``count`` frames of a fit misses; nothing where that is not told for just these frames."""
    told = arrays.get(_ERRORS)
    if told is None or told.shape != (count,) or told.dtype.kind not in "iuf":
        return ()
    known = np.isfinite(told) & (told >= 0.0)
    return tuple(float(f"{value:.6g}") for value in np.where(known, told, UNKNOWN))


def _offset(arrays: Mapping[str, NDArray], clip: Clip, label: str) -> Params:
    counts = len(clip.shape), clip.expr.shape[1]
    if not arrays:
        return Params.zeros(*counts)
    still: Recording = parse(arrays, f"{label}, offset")
    if (len(still.shape), still.channels["expr"].shape[1]) != counts or len(still.channels["expr"]) != 1:
        raise DamagedFileError(f"{label} is damaged: its offset is of another size than its frames.")
    rows = {name: values[0] for name, values in still.channels.items()}
    return Params(shape=still.shape, vertex_offset=still.offsets.static, **rows)


def unknown_in(arrays: Mapping[str, NDArray]) -> dict[str, NDArray]:
    """Those of ``arrays`` that a take has no field for."""
    return {name: values for name, values in arrays.items() if name not in _KNOWN}
