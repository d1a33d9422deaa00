"""Clips in files: the ``flame_param.npz`` layout of VHAP and GaussianAvatars, read and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.flame.model import HeadModel
from studio.sequence.adapt import on_model
from studio.sequence.clip import CHANNELS, Clip
from studio.sequence.layout import ALL_KEYS, KEYS, Recording, parse
from studio.storage.arrays import npz_headers, read_npz, write_npz
from studio.storage.errors import StudioError


def read_clip(path: Path | str, model: HeadModel) -> tuple[Clip, list[str]]:
    """The clip at ``path`` on ``model``, and sentences on what differs from the file.

    ``path`` is an npz file, or a folder of npz files of one frame each in the order of their names
    (the ``flame_param`` folder of an exported NeRF set).

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
    if not path.is_dir():
        return _read_file(path)
    files = sorted(path.glob("*.npz"))
    if not files:
        raise StudioError(f"{path.name} is a folder without npz files; choose a folder of flame_param files.")
    return _joined([_read_file(file) for file in files], path.name)


def is_clip(path: Path) -> bool:
    """Whether the npz at ``path`` holds parameters of a clip, by the names of its arrays.

    Raises:
        StudioError: it cannot be read or is not an npz.

    """
    return not KEYS.isdisjoint(npz_headers(path))


def _read_file(path: Path) -> Recording:
    entries = read_npz(path, ALL_KEYS)
    for key, values in entries.items():
        if not isinstance(values, np.ndarray):
            raise StudioError(f"{key} in {path.name} does not hold numbers; choose another file.")
    return parse(entries, path.name)


def _joined(parts: Sequence[Recording], label: str) -> Recording:
    """One recording of all frames; identity, labels and notices are those of the first part."""
    try:
        channels = {name: np.concatenate([part.channels[name] for part in parts]) for name in CHANNELS}
    except ValueError:
        raise StudioError(
            f"The files in {label} differ in their number of expression components; "
            "choose a folder of frames of one clip."
        ) from None
    first = parts[0]
    notices = list(first.notices)
    if len(parts) > 1 and not first.stated_fps:
        notices.append(f"{label} does not say its frame rate; {first.fps:g} frames a second are used.")
    if any(not np.array_equal(part.shape, first.shape) for part in parts):
        notices.append(f"{label} changes the identity over time; that of its first frame is used.")
    return replace(first, channels=channels, notices=notices)


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
    every float32 array of a file for a parameter pass over them. ``static_offset`` and
    ``dynamic_offset`` are zeros that broadcast over the vertices: GaussianAvatars asks for them.
    A clip without labels of its own gets those of ``model``.
    """
    name, digest = clip.model_name, clip.model_digest
    if model is not None and not name:
        name, digest = model.name, model.digest
    entries: Mapping[str, NDArray] = {
        "shape": clip.shape,
        **{name: getattr(clip, name) for name in CHANNELS if name != "eyelids" or clip.eyelids.any()},
        "static_offset": np.zeros((1, 1, 3), np.float32),
        "dynamic_offset": np.zeros((len(clip), 1, 3), np.float32),
        "fps": np.array(clip.fps),
        "model_name": np.array(name),
        "model_digest": np.array(digest),
        "licence": np.array(licence),
    }
    return {**entries, **({"expr_names": np.array(expression_names)} if expression_names else {})}
