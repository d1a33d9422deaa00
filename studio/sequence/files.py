"""Clips in files: read whole from every layout, written in the ``flame_param.npz`` one of the community."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

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


def write_clip(path: Path | str, clip: Clip, model: HeadModel) -> None:
    """Write ``clip``, which is shown on ``model``, in the layout that :func:`read_clip` reads.

    Raises:
        StudioError: it cannot be written; nothing is left half-written.

    """
    write_npz(Path(path), clip_entries(clip, model.expression_names, model.licence, model))


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
