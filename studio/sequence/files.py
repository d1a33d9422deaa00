"""Clips in files: read whole from every layout, written in the ``flame_param.npz`` one of the community."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Backend
from studio.flame.model import HeadModel
from studio.flame.params import FloatArray
from studio.sequence.adapt import Adapt, on_model
from studio.sequence.clip import CHANNELS, Clip
from studio.sequence.layout import Recording
from studio.sequence.offsets import DYNAMIC, STATIC
from studio.sequence.writers import ClipLayout, Watch, layout_of, unwatched
from studio.storage.arrays import write_npz
from studio.storage.kind import FileKind

__all__ = ["clip_entries", "is_clip", "read_clip", "read_recording", "write_clip"]


def is_clip(path: Path, kind: FileKind | None = None) -> bool:
    """As :func:`studio.sequence.opened.is_clip`."""
    from studio.sequence import (
        opened,  # all that is known of other programs' files: not for the window to stand
    )

    return opened.is_clip(path, kind)


def read_clip(
    path: Path | str, model: HeadModel, fill: bool = False, adapt: Adapt = on_model
) -> tuple[Clip, list[str]]:
    """The clip at ``path`` on ``model``, and sentences on what differs from the file.

    ``path`` is a file of any layout that :mod:`studio.sequence.file_layouts` knows, a folder of such files of
    one frame each in the order of their names (the ``flame_param`` folder of an exported NeRF set), a pattern
    for their names ("{:04}.npz"), a folder of npy files called like the arrays of an npz, or of such folders.
    For clips too long for memory there is :func:`studio.sequence.stream.open_clip`.

    Args:
        path: what is read.
        model: the head it is shown on.
        fill: make numbers that are not finite from the frames around them.
        adapt: puts the recording on the model; :func:`studio.controls.captured.on_model` knows named units,
        too.

    Raises:
        GapsError: a number is not finite, and is not to be filled.
        StudioError: it cannot be read, is no clip, or a number in it is beyond all bounds.

    """
    path = Path(path)
    return adapt(read_recording(path, fill), model, path.name)


def read_recording(path: Path, fill: bool = False) -> Recording:
    """What the clip at ``path`` says, in its own sizes, before any model is asked.

    Raises:
        StudioError: as :func:`read_clip`.

    """
    from studio.sequence.opened import read_whole

    return read_whole(path, fill)


def write_clip(
    path: Path | str,
    clip: Clip,
    model: HeadModel,
    backend: Backend | None = None,
    layout: ClipLayout | None = None,
    watch: Watch = unwatched,
) -> list[str]:
    """Write ``clip``, which is shown on ``model``, and tell in sentences what the layout has no place for.

    Every layout is one that :func:`read_clip` reads: ``npz`` as VHAP and GaussianAvatars have it, ``frames``
    a folder of such files of one frame each, ``json`` as oxigaf-flame has it, ``csv`` a table with a header
    of names, ``vertices`` an npy of (T, V, 3) float32.

    Args:
        path: where to; nothing half-written is ever there.
        clip: what is written.
        model: whose names and labels go along.
        backend: computes the vertices; None: one is made where it is needed.
        layout: None: that of the ending of ``path``, and ``frames`` without one.
        watch: is told how many frames are done, and may raise to stop.

    Raises:
        StudioError: it cannot be written, or there is no layout for that ending.

    """
    from studio.sequence.writers import write_csv, write_frames, write_json, write_vertices

    path = Path(path)
    layout = layout or layout_of(path)
    if layout == "npz":
        write_npz(path, clip_entries(clip, model.expression_names, model.licence, model))
    elif layout == "frames":
        stills = (
            clip_entries(clip.part(index, index + 1), model.expression_names, model.licence, model)
            for index in range(len(clip))
        )
        write_frames(path, stills, len(clip), watch)
    elif layout == "json":
        write_json(path, clip, watch)
    elif layout == "csv":
        write_csv(path, clip, model.expression_names, watch)
    else:
        write_vertices(path, clip, model, backend, watch)
    return _left_out(path, clip, layout)


def _left_out(path: Path, clip: Clip, layout: ClipLayout) -> list[str]:
    """What ``layout`` has no place for."""
    told = []
    if layout in ("json", "csv") and (clip.static_offset is not None or clip.dynamic_offset is not None):
        told.append(f"{path.name} leaves the vertex offsets of the clip out; save it as npz to keep them.")
    if layout == "csv" and len(clip) == 1:
        told.append(f"{path.name} cannot say a frame rate, having one frame.")
    if layout == "vertices":
        told.append(
            f"{path.name} holds vertices alone, not {clip.fps:g} frames a second and not the parameters."
        )
    return told


def clip_entries(
    clip: Clip, expression_names: Sequence[str], licence: str, model: HeadModel | None = None
) -> dict[str, NDArray]:
    """The arrays of a clip file.

    Parameters are float32; ``fps`` is float64 and the labels are text, so that players which take
    every float32 array of a file for a parameter pass over them. ``static_offset`` (1, V, 3) and
    ``dynamic_offset`` (T, V, 3), where there are none, are zeros that broadcast over the vertices:
    GaussianAvatars asks for both.
    A clip without labels of its own gets those of ``model``.
    """
    name, digest = clip.model_name, clip.model_digest
    if model is not None and not name:
        name, digest = model.name, model.digest
    entries: Mapping[str, NDArray] = {
        "shape": clip.shape,
        **{name: getattr(clip, name) for name in CHANNELS if name != "eyelids" or clip.eyelids.any()},
        STATIC: _or_zeros(None if clip.static_offset is None else clip.static_offset[None], 1),
        DYNAMIC: _or_zeros(clip.dynamic_offset, len(clip)),
        "fps": np.array(clip.fps),
        "model_name": np.array(name),
        "model_digest": np.array(digest),
        "licence": np.array(licence),
    }
    return {**entries, **({"expr_names": np.array(expression_names)} if expression_names else {})}


def _or_zeros(offset: FloatArray | None, count: int) -> FloatArray:
    return np.zeros((count, 1, 3), np.float32) if offset is None else offset
