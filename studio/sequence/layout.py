"""The arrays of a clip file, brought to one layout, before any model is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from studio.flame.params import FIELD_WIDTHS, FloatArray
from studio.sequence.joints import joint_rows, rows_of, wrong_width
from studio.sequence.keys import (
    ALIASES,
    EYE_SIDES,
    FULL_POSE_PARTS,
    FULL_POSES,
    RATES,
    TIMES,
    chosen,
    keys_in_time,
    repeated,
)
from studio.sequence.offsets import OFFSETS, Offsets, parse_offsets
from studio.sequence.producers import NO_FACTS, Facts, producer_of
from studio.sequence.report import NO_REPORT, ImportReport, Taken
from studio.sequence.surface_clips import Surfaces
from studio.storage.errors import StudioError

DEFAULT_FPS = 25.0
LOWEST_FPS, HIGHEST_FPS = 0.001, 10_000.0
STATED, ASSUMED = "as the file says", "assumed, as the file does not say it"


@dataclass(frozen=True, eq=False)
class Units:
    """Named units of a face over time, which only a model's controls make parameters of."""

    names: tuple[str, ...]
    values: FloatArray  # (T, K)
    used: frozenset[str] = frozenset()  # those that are not 0 all the time, in all frames of the file


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
    version: str = ""  # the release of FLAME that files of this kind are made with
    report: ImportReport = NO_REPORT
    times: NDArray[np.float64] | None = None  # (T,) as the file has them
    units: Units | None = None
    surfaces: Surfaces | None = None
    # Rotation and translation (6,) of the first frame of a path about the origin instead of the root joint.
    path_start: FloatArray | None = None

    def __len__(self) -> int:
        """T."""
        return len(self.channels["expr"])


def frame_count(shapes: Mapping[str, tuple[int, ...]], label: str) -> int:
    """T of arrays of these ``shapes`` in the file ``label``, or 1 where nothing varies in time.

    Raises:
        StudioError: some have more than one row, but not T.

    """
    rows = {key: shapes[key][0] for key in keys_in_time(shapes) if len(shapes[key]) in (2, 3)}
    count = max(rows.values(), default=1)
    for key, length in rows.items():
        if length not in (0, 1, count):
            raise StudioError(f"{key} in {label} has {length} frames where other parameters have {count}.")
    return max(count, 1)


def parse(
    entries: Mapping[str, NDArray],
    label: str,
    first: int = 0,
    facts: Facts = NO_FACTS,
    gaps: bool = False,
) -> Recording:
    """Bring ``entries`` of the file ``label`` to one layout.

    Parameters may be (D,), (1, D) or (T, D) of any real type, under the names of VHAP,
    GaussianAvatars, smplx, TF_FLAME and others; their width decides what they are; what is missing is zero;
    unknown keys are ignored.

    Args:
        entries: arrays by name.
        label: what the file is called.
        first: the number of the first frame among them, for errors to name.
        facts: what is known of the file beside them.
        gaps: let numbers that are not finite through, as NaN.

    Raises:
        GapsError: a number is not finite.
        StudioError: there is nothing of a clip in it, or an array has a wrong type or shape, or holds a
            number that no head can take (beyond ``LARGEST_ANGLE``, ``LARGEST_DISTANCE``,
            ``LARGEST_COEFFICIENT`` or ``LARGEST_OFFSET``).

    """
    taken: list[Taken] = []
    found = _parameters(entries, _Source(label, first, facts, gaps, taken))
    if not found:
        raise StudioError(
            f"{label} holds none of a clip's parameters (expr, rotation, jaw_pose, …); choose another file."
        )
    notices: list[str] = []
    shape = found.pop("shape", np.zeros((1, 0), np.float32))
    if len(shape) > 1 and (shape != shape[0]).any():
        notices.append(f"{label} changes the identity over time; that of its first frame is used.")
    channels = _common_length(found, frame_count({key: entries[key].shape for key in entries}, label))
    count = len(channels["expr"])
    names = tuple(_strings(entries.get("expr_names")))
    if names and len(names) != channels["expr"].shape[1]:
        raise StudioError(
            f"{label} names {len(names)} expression components but holds {channels['expr'].shape[1]}; "
            "the file is damaged, choose another one."
        )
    rate = _rate(entries, label, notices)
    times = _times(entries, count)
    if rate is None and count > 1 and times is None:
        notices.append(f"{label} does not say its frame rate; {DEFAULT_FPS:g} frames a second are used.")
    layout, version = producer_of(
        {key: values.shape for key, values in entries.items()},
        frozenset(entry.source.rpartition("/")[2] for entry in facts.dropped),
    )
    offsets = parse_offsets(entries, count, label, first)
    taken += [Taken(key, key) for key in OFFSETS if getattr(offsets, key.partition("_")[0]) is not None]
    path_start = None
    if facts.about_origin:
        path_start = np.concatenate([channels["rotation"][0], channels["translation"][0]])
    report = ImportReport(
        label=label,
        layout=facts.layout or layout,
        frames=count,
        fps=rate or DEFAULT_FPS,
        rate=facts.rate or (ASSUMED if rate is None else STATED),
        taken=tuple(taken),
        dropped=(*facts.dropped, *repeated(entries)),
        made_on=_string(entries, "model_name") or facts.version or version,
        notes=facts.notes,
    )
    return Recording(
        shape=shape[0],
        channels=channels,
        fps=rate or DEFAULT_FPS,
        stated_fps=rate is not None,
        expression_names=names,
        model_name=_string(entries, "model_name"),
        model_digest=_string(entries, "model_digest"),
        offsets=offsets,
        notices=notices,
        version="" if "model_name" in entries else facts.version or version,
        report=report,
        times=times,
        path_start=path_start,
    )


@dataclass(frozen=True)
class _Source:
    """Where arrays are from, and what was taken of them so far."""

    label: str
    first: int
    facts: Facts
    gaps: bool
    taken: list[Taken]

    def rows(self, values: NDArray, key: str) -> FloatArray:
        return rows_of(values, key, self.label, self.first, self.gaps)

    def joint(self, name: str, rows: FloatArray, key: str) -> tuple[FloatArray, str]:
        return joint_rows(name, rows, key, self.label, self.first)

    def take(self, key: str, name: str, width: int, how: str) -> None:
        said = (f"{width} numbers", (self.facts.how or {}).get(key, ""), how)
        self.taken.append(Taken(self.facts.called(key), name, ", ".join(part for part in said if part)))


def _parameters(entries: Mapping[str, NDArray], source: _Source) -> dict[str, FloatArray]:
    """The parameters found, each (1|T, D)."""
    found = _full_pose(entries, source)
    for name, aliases in ALIASES.items():
        key = chosen(entries, aliases)
        if key is None:
            continue
        rows, how = source.rows(entries[key], key), ""
        width = rows.shape[1]
        if name in FIELD_WIDTHS:
            rows, how = source.joint(name, rows, key)
        source.take(key, name, width, how)
        found[name] = rows
    if "eyes_pose" not in found and entries.keys() >= set(EYE_SIDES):
        left, right = (source.rows(entries[key], key) for key in EYE_SIDES)
        if left.shape != right.shape or left.shape[1] not in (3, 6):
            raise StudioError(f"leye_pose and reye_pose in {source.label} must both have 3 numbers a frame.")
        both, how = source.joint("eyes_pose", np.concatenate([left, right], axis=1), "leye_pose")
        source.take("leye_pose and reye_pose", "eyes_pose", 2 * left.shape[1], how)
        found["eyes_pose"] = both
    return found


def _full_pose(entries: Mapping[str, NDArray], source: _Source) -> dict[str, FloatArray]:
    key = chosen(entries, FULL_POSES)
    if key is None:
        return {}
    rows = source.rows(entries[key], key)
    width = rows.shape[1]
    parts = FULL_POSE_PARTS.get(width)
    if parts is None:
        raise StudioError(wrong_width(source.label, key, width, "3, 6, 12 or 15 (or 18, with a translation)"))
    edges = np.cumsum([FIELD_WIDTHS[part] for part in parts])
    for part, end in zip(parts, edges, strict=True):
        start = end - FIELD_WIDTHS[part]
        source.take(key, part, width, f"of which {start + 1} to {end}")
    return dict(zip(parts, np.split(rows, edges[:-1], axis=1), strict=True))


def _common_length(found: dict[str, FloatArray], count: int) -> dict[str, FloatArray]:
    """Every time-varying parameter with ``count`` rows; single rows are repeated."""
    channels = {}
    for name, width in {"expr": 0, **FIELD_WIDTHS}.items():
        rows = found.get(name, np.zeros((1, width), np.float32))
        channels[name] = np.broadcast_to(rows, (count, rows.shape[1]))
    return channels


def _rate(entries: Mapping[str, NDArray], label: str, notices: list[str]) -> float | None:
    """Frames per second, or None where the file does not say."""
    stored = entries.get(chosen(entries, RATES) or "")
    if stored is None or stored.size != 1 or stored.dtype.kind not in "iuf":
        return None
    rate = float(stored.reshape(-1)[0])
    if LOWEST_FPS <= rate <= HIGHEST_FPS:
        return rate
    notices.append(f"{label} gives {rate:g} as its frame rate; {DEFAULT_FPS:g} frames a second are used.")
    return DEFAULT_FPS


def _times(entries: Mapping[str, NDArray], count: int) -> NDArray[np.float64] | None:
    """When each of ``count`` frames is, or None where the file does not say."""
    stored = entries.get(chosen(entries, TIMES) or "")
    if stored is None or stored.dtype.kind not in "iuf" or stored.size != count or count == 1:
        return None
    return stored.reshape(-1).astype(np.float64)


def _strings(values: NDArray | None) -> list[str]:
    if values is None or values.dtype.kind != "U":
        return []
    return [str(value) for value in values.reshape(-1)]


def _string(entries: Mapping[str, NDArray], key: str) -> str:
    found = _strings(entries.get(key))
    return found[0] if found else ""
