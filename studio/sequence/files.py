"""Clips in files: read whole from every layout, written in the ``flame_param.npz`` one of the community."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Backend
from studio.flame.masks import holds_uv_masks
from studio.flame.model import HeadModel
from studio.flame.params import FloatArray
from studio.sequence.adapt import on_model
from studio.sequence.clip import CHANNELS, Clip
from studio.sequence.frame_names import files_in_order, is_pattern
from studio.sequence.json_clip import is_json_clip
from studio.sequence.layout import KEYS, Recording
from studio.sequence.offsets import DYNAMIC, STATIC
from studio.sequence.readers import ONE_A_FRAME, holds_arrays, open_reader, read_file
from studio.sequence.writers import (
    ClipLayout,
    Watch,
    layout_of,
    unwatched,
    write_csv,
    write_frames,
    write_json,
    write_vertices,
)
from studio.storage.arrays import npz_headers, write_npz
from studio.storage.kind import FileKind, sniff


def read_clip(path: Path | str, model: HeadModel) -> tuple[Clip, list[str]]:
    """The clip at ``path`` on ``model``, and sentences on what differs from the file.

    ``path`` is an npz or JSON file, a folder of such files of one frame each in the order of their names
    (the ``flame_param`` folder of an exported NeRF set), a pattern for their names ("{:04}.npz"), or a
    folder of npy files called like the arrays of an npz. For clips too long for memory there is
    :func:`studio.sequence.stream.open_clip`.

    Raises:
        StudioError: it cannot be read, is no clip, or a number in it is not finite or beyond all bounds.

    """
    path = Path(path)
    return on_model(read_recording(path), model, path.name)


def read_recording(path: Path) -> Recording:
    """What the clip at ``path`` says, in its own sizes, before any model is asked.

    Raises:
        StudioError: as :func:`read_clip`.

    """
    if not path.is_dir() and not is_pattern(path):
        return read_file(path)
    with closing(open_reader(path)) as reader:
        return reader.recording(0, len(reader))


def is_clip(path: Path, kind: FileKind | None = None) -> bool:
    """Whether ``path``, which is of ``kind`` where that is known, is a clip, by the names in it.

    Raises:
        StudioError: it cannot be read.

    """
    if is_pattern(path):
        return True
    kind = kind or sniff(path)
    if kind.is_model:
        return False
    if kind.container == "folder":
        first = next((file for ending in ONE_A_FRAME for file in files_in_order(path, ending)), None)
        return holds_arrays(path) if first is None else is_clip(first)
    if kind.container in ("json", "text"):  # damaged JSON is text
        return is_json_clip(path)
    if kind.container != "npz":
        return False
    headers = npz_headers(path)  # masks over a texture have a neck, too
    return not KEYS.isdisjoint(headers) and not holds_uv_masks(headers)


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
