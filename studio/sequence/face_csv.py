"""ARKit units as phones record them: the CSV of Live Link Face."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from studio.flame.params import FIELD_WIDTHS, FloatArray
from studio.sequence.joints import GapsError
from studio.sequence.layout import ASSUMED, STATED, Recording, Units
from studio.sequence.offsets import Offsets
from studio.sequence.report import Dropped, ImportReport, Taken
from studio.storage.csv_files import read_csv
from studio.storage.errors import StudioError

FRAME_RATE = 60.0  # of a phone, where neither timecode nor a column says otherwise
# Head angles, radians, as the controls have them: + turns to the subject's left, nods down, tilts right.
HEAD: Mapping[str, str] = MappingProxyType(
    {"headyaw": "headTurn", "headpitch": "headNod", "headroll": "headTilt"}
)
HEAD_NOTE = (
    "Head angles are taken in radians, + as turning to the subject's left, nodding down and tilting to the "
    "right; Pose ▸ Flip face exchanges the sides where the phone mirrored them."
)
# Unit, side and factor of the angles of an eye, where the file has no units of gaze; + yaw looks to the left.
_EYES = ("lefteyeyaw", "lefteyepitch", "lefteyeroll", "righteyeyaw", "righteyepitch", "righteyeroll")
_LARGEST = 10.0  # of a unit, which goes from 0 to 1, and of an angle in radians
_TIMECODE = re.compile(r"(\d{1,3}):(\d{2}):(\d{2})[:;](\d{1,3})(\.\d+)?")
_RATES = (24.0, 25.0, 30.0, 50.0, 60.0, 120.0, 240.0)  # that timecodes count in
_FEWEST_UNITS = 8
_UNITS = [
    "browDownLeft",
    "browDownRight",
    "browInnerUp",
    "browOuterUpLeft",
    "browOuterUpRight",
    "cheekPuff",
    "cheekSquintLeft",
    "cheekSquintRight",
    "eyeBlinkLeft",
    "eyeBlinkRight",
    "eyeLookDownLeft",
    "eyeLookDownRight",
    "eyeLookInLeft",
    "eyeLookInRight",
    "eyeLookOutLeft",
    "eyeLookOutRight",
    "eyeLookUpLeft",
    "eyeLookUpRight",
    "eyeSquintLeft",
    "eyeSquintRight",
    "eyeWideLeft",
    "eyeWideRight",
    "jawForward",
    "jawLeft",
    "jawOpen",
    "jawRight",
    "mouthClose",
    "mouthDimpleLeft",
    "mouthDimpleRight",
    "mouthFrownLeft",
    "mouthFrownRight",
    "mouthFunnel",
    "mouthLeft",
    "mouthLowerDownLeft",
    "mouthLowerDownRight",
    "mouthPressLeft",
    "mouthPressRight",
    "mouthPucker",
    "mouthRight",
    "mouthRollLower",
    "mouthRollUpper",
    "mouthShrugLower",
    "mouthShrugUpper",
    "mouthSmileLeft",
    "mouthSmileRight",
    "mouthStretchLeft",
    "mouthStretchRight",
    "mouthUpperUpLeft",
    "mouthUpperUpRight",
    "noseSneerLeft",
    "noseSneerRight",
    "tongueOut",
]
UNIT_OF: Mapping[str, str] = MappingProxyType({name.lower(): name for name in _UNITS})
_LOOKS = tuple(name for name in _UNITS if name.startswith("eyeLook"))


def is_face_table(names: Sequence[str]) -> bool:
    """Whether columns called so are those of a face capture."""
    return sum(name.lower() in UNIT_OF for name in names) >= _FEWEST_UNITS


def read_face_table(path: Path, gaps: bool = False) -> Recording:
    """The units of a face over time, and where the head turns, in the CSV at ``path``.

    Raises:
        GapsError: a number is missing or not finite.
        StudioError: it cannot be read, or a number is beyond what a unit or an angle can be.

    """
    table = read_csv(path, frozenset(("timecode",)))
    lower = [name.lower() for name in table.names]
    used = [(index, UNIT_OF[name]) for index, name in enumerate(lower) if name in UNIT_OF]
    used += [(index, HEAD[name]) for index, name in enumerate(lower) if name in HEAD]
    values = table.numbers[:, [index for index, _ in used]].astype(np.float32)
    names = tuple(name for _, name in used)
    _check(path, values, [table.names[index] for index, _ in used], gaps)
    names, values, gaze = _with_gaze(names, values, table.numbers, lower)
    timecodes = next((cells for name, cells in table.texts.items() if name.lower() == "timecode"), None)
    clock = _clock(path, timecodes, table.numbers, lower)
    times, fps, why = clock.times, clock.fps, clock.why
    taken = [Taken(table.names[index], "controls", name) for index, name in used]
    report = ImportReport(
        label=path.name,
        layout="a face capture of ARKit units (Live Link Face)",
        frames=len(values),
        fps=fps,
        rate=why,
        taken=(*taken, *gaze),
        dropped=_dropped(table.names, lower, bool(gaze)),
        made_on="any model, through the named controls",
        notes=(*clock.notes, *((HEAD_NOTE,) if set(HEAD) & set(lower) else ())),
    )
    still = {name: np.zeros((len(values), width), np.float32) for name, width in FIELD_WIDTHS.items()}
    return Recording(
        shape=np.zeros(0, np.float32),
        channels={"expr": np.zeros((len(values), 0), np.float32), **still},
        fps=fps,
        stated_fps=why != ASSUMED,
        expression_names=(),
        model_name="",
        model_digest="",
        offsets=Offsets(),
        notices=[] if why != ASSUMED else [f"{path.name} does not say its frame rate; {fps:g} are used."],
        report=report,
        times=times,
        units=Units(names, values, frozenset(np.array(names)[values.any(axis=0)].tolist())),
    )


def _check(path: Path, values: FloatArray, columns: Sequence[str], gaps: bool) -> None:
    for bad, error, said in (
        (~np.isfinite(values), GapsError, "missing or no number"),
        (np.abs(values) > _LARGEST, StudioError, f"beyond ±{_LARGEST:g}"),
    ):
        if bad.any() and not (gaps and error is GapsError):
            row, column = np.unravel_index(int(bad.argmax()), bad.shape)
            raise error(
                f"{columns[int(column)]} in {path.name} is {said} in frame {row}; repair that clip or leave "
                "the frame out."
            )


def _with_gaze(
    names: tuple[str, ...], values: FloatArray, numbers: NDArray[np.float64], lower: Sequence[str]
) -> tuple[tuple[str, ...], FloatArray, tuple[Taken, ...]]:
    """Units of gaze from the angles of the eyes, where the file has none of its own."""
    looks = [index for index, name in enumerate(names) if name in _LOOKS]
    angles = [
        lower.index(name)
        for name in ("lefteyeyaw", "lefteyepitch", "righteyeyaw", "righteyepitch")
        if name in lower
    ]
    if len(angles) < 4 or (looks and np.nan_to_num(values[:, looks]).any()):
        return names, values, ()
    turned = numbers[:, angles].astype(np.float32) / np.float32(np.radians(30.0))  # a whole unit of gaze
    made: dict[str, FloatArray] = {}
    for side, yaw, pitch in (("Left", turned[:, 0], turned[:, 1]), ("Right", turned[:, 2], turned[:, 3])):
        outwards = yaw if side == "Left" else -yaw
        made[f"eyeLookOut{side}"], made[f"eyeLookIn{side}"] = (
            np.maximum(outwards, 0),
            np.maximum(-outwards, 0),
        )
        made[f"eyeLookDown{side}"], made[f"eyeLookUp{side}"] = np.maximum(pitch, 0), np.maximum(-pitch, 0)
    kept = [index for index in range(len(names)) if index not in looks]
    joined = np.concatenate([values[:, kept], np.stack(list(made.values()), axis=1)], axis=1)
    taken = tuple(Taken(f"{side}EyeYaw, {side}EyePitch", "controls", "gaze") for side in ("Left", "Right"))
    return (*(names[index] for index in kept), *made), joined, taken


def _dropped(names: Sequence[str], lower: Sequence[str], gaze: bool) -> tuple[Dropped, ...]:
    dropped = []
    for name, small in zip(names, lower, strict=True):
        if small in UNIT_OF or small in HEAD or small in ("timecode", "time", "timestamp", "frame", "fps"):
            continue
        if small in _EYES:
            if small.endswith("roll"):
                dropped.append(Dropped(name, "eyes do not roll"))
            elif not gaze:
                dropped.append(Dropped(name, "the gaze again, which its units say"))
        else:
            why = "a count" if small == "blendshapecount" else "no ARKit unit"
            dropped.append(Dropped(name, why))
    return tuple(dropped)


@dataclass(frozen=True)
class _Clock:
    """When each frame is, the rate, and where that is from."""

    times: NDArray[np.float64] | None
    fps: float
    why: str
    notes: tuple[str, ...] = ()


def _clock(
    path: Path, timecodes: Sequence[str] | None, numbers: NDArray[np.float64], lower: Sequence[str]
) -> _Clock:
    if timecodes is not None and len(timecodes) > 1:
        return _from_timecodes(path, timecodes)
    for name in ("timestamp", "time"):
        if name in lower and len(numbers) > 1:
            return _Clock(numbers[:, lower.index(name)], FRAME_RATE, "from the times of its frames")
    if "fps" in lower:
        rate = float(numbers[0, lower.index("fps")])
        if 0.0 < rate < 1000.0:
            return _Clock(None, rate, STATED)
    return _Clock(None, FRAME_RATE, ASSUMED)


def _from_timecodes(path: Path, timecodes: Sequence[str]) -> _Clock:
    """Times by hours, minutes, seconds, and frames with a fraction.

    A second has as many frames as the largest that was seen, rounded up to a usual rate. Where the clock
    jumps, backwards or by a second and more, the frames follow each other at the usual distance.
    """
    matches = [_TIMECODE.fullmatch(cell) for cell in timecodes]
    missing = next((index for index, match in enumerate(matches) if match is None), None)
    if missing is not None:
        raise StudioError(
            f"Timecode in row {missing + 1} of {path.name} is {timecodes[missing][:30]!r} and not "
            "00:00:00:00.000; repair that row or leave the column out."
        )
    parts = np.array([[float(part or 0.0) for part in match.groups()] for match in matches if match])
    counted = parts[:, 3] + parts[:, 4]
    seconds = parts[:, 0] * 3600.0 + parts[:, 1] * 60.0 + parts[:, 2]
    steps = np.diff(seconds + counted / _base(counted, seconds))
    sane = (steps > 0.0) & (steps < 1.0)
    if not sane.any():
        return _Clock(None, FRAME_RATE, ASSUMED, ("Its timecode stands still and was not used.",))
    usual = float(np.median(steps[sane]))
    rate = _usual_rate(1.0 / usual)
    jumps = int((~sane).sum())
    times = np.concatenate([[0.0], np.cumsum(np.where(sane, steps, usual))])
    told = f"Its timecode jumps {jumps} times, where its frames follow each other." if jumps else ""
    return _Clock(times, rate, "from its timecode", (told,) if told else ())


def _base(counted: NDArray[np.float64], seconds: NDArray[np.float64]) -> float:
    """How many frames the timecode counts in a second."""
    if seconds.min() == seconds.max():  # no second has passed whose end would tell
        return max(FRAME_RATE, float(np.floor(counted.max())) + 1.0)
    largest = float(np.floor(counted.max())) + 1.0
    return next((rate for rate in _RATES if rate >= largest), largest)


def _usual_rate(rate: float) -> float:
    nearest = min(_RATES, key=lambda common: abs(common - rate))
    return nearest if abs(nearest - rate) < 0.02 * rate else rate
