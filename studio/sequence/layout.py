"""The arrays of a clip file, brought to one layout, before any model is asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from studio.flame.params import FIELD_WIDTHS, FloatArray
from studio.sequence.offsets import OFFSETS, Offsets, parse_offsets
from studio.storage.errors import StudioError

DEFAULT_FPS = 25.0
HIGHEST_FPS = 10_000.0

ALIASES = {
    "shape": ("shape", "betas", "shape_params", "shapecode"),
    "expr": ("expr", "exp", "expression", "expression_params", "expcode"),
    "rotation": ("rotation", "global_orient", "head_pose", "global_pose"),
    "neck_pose": ("neck_pose", "neck"),
    "jaw_pose": ("jaw_pose", "jaw"),
    "eyes_pose": ("eyes_pose", "eye_pose", "eyes"),
    "translation": ("translation", "transl", "trans"),
    "eyelids": ("eyelids", "eyelid_params"),
}
FULL_POSES = ("pose", "pose_params", "posecode", "full_pose")
FULL_POSE_PARTS = {
    3: ("jaw_pose",),
    6: ("rotation", "jaw_pose"),
    12: ("neck_pose", "jaw_pose", "eyes_pose"),
    15: ("rotation", "neck_pose", "jaw_pose", "eyes_pose"),
}
EYE_SIDES = ("leye_pose", "reye_pose")
LARGEST_ANGLE = 100.0  # radians, sixteen turns: more is a mistake of unit or a damaged file
LARGEST_DISTANCE = 1000.0  # metres
LARGEST_COEFFICIENT = 1000.0  # of shape and expression, in their own units
LIMITS = {
    **dict.fromkeys((*ALIASES["shape"], *ALIASES["expr"]), LARGEST_COEFFICIENT),
    **dict.fromkeys(ALIASES["translation"], LARGEST_DISTANCE),
}
LABELS = ("fps", "model_name", "model_digest", "expr_names")
KEYS = frozenset((*(alias for aliases in ALIASES.values() for alias in aliases), *FULL_POSES, *EYE_SIDES))
ALL_KEYS = KEYS | {*OFFSETS, *LABELS}


@dataclass(frozen=True, eq=False)
class Recording:
    """What a clip file says, in its own sizes: T frames of numbers and the labels beside them."""

    shape: FloatArray  # (S',)
    channels: Mapping[str, FloatArray]  # expr (T, E') and the pose fields (T, 3|6)
    fps: float
    stated_fps: bool  # whether the file says its rate
    expression_names: tuple[str, ...]  # empty: components are numbered
    model_name: str
    model_digest: str
    offsets: Offsets
    notices: list[str] = field(default_factory=list)


def frame_count(shapes: Mapping[str, tuple[int, ...]], label: str) -> int:
    """T of arrays of these ``shapes`` in the file ``label``, or 1 where nothing varies in time.

    Raises:
        StudioError: some have more than one row, but not T.

    """
    rows = {key: shapes[key][0] for key in _keys_read(shapes) if len(shapes[key]) == 2}
    count = max(rows.values(), default=1)
    for key, length in rows.items():
        if length not in (0, 1, count):
            raise StudioError(f"{key} in {label} has {length} frames where other parameters have {count}.")
    return max(count, 1)


def _keys_read(keys: Collection[str]) -> list[str]:
    """Those of ``keys`` that vary in time and are read: of several names of a parameter the first."""
    groups = [FULL_POSES, *(aliases for name, aliases in ALIASES.items() if name != "shape")]
    found = [next((alias for alias in aliases if alias in keys), None) for aliases in groups]
    whole_eyes = not set(ALIASES["eyes_pose"]).isdisjoint(keys)
    sides = () if whole_eyes or not set(EYE_SIDES) <= set(keys) else EYE_SIDES
    return [key for key in found if key is not None] + list(sides)


def parse(entries: Mapping[str, NDArray], label: str, first: int = 0) -> Recording:
    """Bring ``entries`` of the file ``label`` to one layout.

    ``first`` is the number of the first frame among them, for errors to name.

    Parameters may be (D,), (1, D) or (T, D) of any real type, under the names of VHAP,
    GaussianAvatars, smplx and TF_FLAME; what is missing is zero; unknown keys are ignored.

    Raises:
        StudioError: there is nothing of a clip in it, or an array has a wrong type or shape, or holds a
            number that is not finite or that no head can take (beyond ``LARGEST_ANGLE``,
            ``LARGEST_DISTANCE``, ``LARGEST_COEFFICIENT`` or ``LARGEST_OFFSET``).

    """
    found = _parameters(entries, label, first)
    if not found:
        raise StudioError(
            f"{label} holds none of a clip's parameters (expr, rotation, jaw_pose, …); choose another file."
        )
    notices: list[str] = []
    shape = found.pop("shape", np.zeros((1, 0), np.float32))
    if len(shape) > 1 and (shape != shape[0]).any():
        notices.append(f"{label} changes the identity over time; that of its first frame is used.")
    channels = _common_length(found, frame_count({key: entries[key].shape for key in entries}, label))
    names = tuple(_strings(entries.get("expr_names")))
    if names and len(names) != channels["expr"].shape[1]:
        raise StudioError(
            f"{label} names {len(names)} expression components but holds {channels['expr'].shape[1]}; "
            "the file is damaged, choose another one."
        )
    rate = _rate(entries, label, notices)
    if rate is None and len(channels["expr"]) > 1:
        notices.append(f"{label} does not say its frame rate; {DEFAULT_FPS:g} frames a second are used.")
    return Recording(
        shape=shape[0],
        channels=channels,
        fps=rate or DEFAULT_FPS,
        stated_fps=rate is not None,
        expression_names=names,
        model_name=_string(entries, "model_name"),
        model_digest=_string(entries, "model_digest"),
        offsets=parse_offsets(entries, len(channels["expr"]), label, first),
        notices=notices,
    )


def _parameters(entries: Mapping[str, NDArray], label: str, first: int) -> dict[str, FloatArray]:
    """The parameters found, each (1|T, D)."""
    found = _full_pose(entries, label, first)
    for name, aliases in ALIASES.items():
        key = next((alias for alias in aliases if alias in entries), None)
        if key is not None:
            rows = _rows(entries[key], key, label, first)
            width = FIELD_WIDTHS.get(name, rows.shape[1])
            if rows.shape[1] != width:
                raise StudioError(_wrong_width(label, key, rows.shape[1], str(width)))
            found[name] = rows
    if "eyes_pose" not in found and entries.keys() >= set(EYE_SIDES):
        left, right = (_rows(entries[key], key, label, first) for key in EYE_SIDES)
        if left.shape != right.shape or left.shape[1] != 3:
            raise StudioError(f"leye_pose and reye_pose in {label} must both have 3 numbers a frame.")
        found["eyes_pose"] = np.concatenate([left, right], axis=1)
    return found


def _full_pose(entries: Mapping[str, NDArray], label: str, first: int) -> dict[str, FloatArray]:
    key = next((name for name in FULL_POSES if name in entries), None)
    if key is None:
        return {}
    rows = _rows(entries[key], key, label, first)
    parts = FULL_POSE_PARTS.get(rows.shape[1])
    if parts is None:
        raise StudioError(_wrong_width(label, key, rows.shape[1], "3, 6, 12 or 15"))
    edges = np.cumsum([FIELD_WIDTHS[part] for part in parts])[:-1]
    return dict(zip(parts, np.split(rows, edges, axis=1), strict=True))


def _wrong_width(label: str, key: str, width: int, wanted: str) -> str:
    return (
        f"{key} in {label} has {width} numbers a frame where {wanted} are expected; "
        "rotations must be axis-angle vectors."
    )


def _rows(values: NDArray, key: str, label: str, first: int) -> FloatArray:
    """``values`` as (1|T, D) float32, all within the limit of ``key``."""
    if values.dtype.kind not in "biuf":
        raise StudioError(f"{key} in {label} does not hold numbers; choose another file.")
    if values.ndim not in (1, 2):
        raise StudioError(
            f"{key} in {label} has the shape {values.shape} where (frames, components) is expected."
        )
    with np.errstate(over="ignore", invalid="ignore"):
        rows = np.atleast_2d(values).astype(np.float32)
    if len(rows) == 0:
        raise StudioError(f"{key} in {label} has no frames; choose another file.")
    limit = LIMITS.get(key, LARGEST_ANGLE)
    good = np.abs(rows) <= limit
    if not good.all():
        frame, component = np.unravel_index(int(good.argmin()), good.shape)
        value = float(np.atleast_2d(values)[frame, component])
        wrong = f"{value:g}, beyond ±{limit:g}," if np.isfinite(value) else "not a finite number"
        raise StudioError(
            f"{key} in {label} is {wrong} in frame {first + frame}; repair that clip or leave the frame out."
        )
    return rows


def _common_length(found: dict[str, FloatArray], count: int) -> dict[str, FloatArray]:
    """Every time-varying parameter with ``count`` rows; single rows are repeated."""
    channels = {}
    for name, width in {"expr": 0, **FIELD_WIDTHS}.items():
        rows = found.get(name, np.zeros((1, width), np.float32))
        channels[name] = np.broadcast_to(rows, (count, rows.shape[1]))
    return channels


def _rate(entries: Mapping[str, NDArray], label: str, notices: list[str]) -> float | None:
    """Frames per second, or None where the file does not say."""
    stored = entries.get("fps")
    if stored is None or stored.size != 1 or stored.dtype.kind not in "iuf":
        return None
    rate = float(stored.reshape(-1)[0])
    if np.isfinite(rate) and 0.0 < rate <= HIGHEST_FPS:
        return rate
    notices.append(f"{label} gives {rate:g} as its frame rate; {DEFAULT_FPS:g} frames a second are used.")
    return DEFAULT_FPS


def _strings(values: NDArray | None) -> list[str]:
    if values is None or values.dtype.kind != "U":
        return []
    return [str(value) for value in values.reshape(-1)]


def _string(entries: Mapping[str, NDArray], key: str) -> str:
    found = _strings(entries.get(key))
    return found[0] if found else ""
