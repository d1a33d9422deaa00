"""Make the example clips that are shipped: python tools/bake_clips.py [FOLDER].

Every movement is a formula: point-to-point movements follow the minimum-jerk profile (Flash and
Hogan 1985), blinks close faster than they open, eyes lead the head and counter-turn while it
follows, mouth shapes blend by dominance (Cohen and Massaro 1993), and small drifts that repeat
after the length of the clip keep the head alive and the loop without a seam. The same code gives
the same bytes. The face is described by named ARKit units, so the clips fit every head that has them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from studio.flame.params import FloatArray
from studio.sequence.clip import Clip
from studio.sequence.examples import FOLDER
from studio.sequence.files import clip_entries
from studio.storage.arrays import write_npz

Track = NDArray[np.float64]

LICENCE = "CC0 1.0 Universal: made by code, free to use for anything."
JAW_OPEN = np.radians(22.05)  # jaw angle at which a full mouthClose just shuts the lips
DECIMALS = 5  # coarser than what differs between processors, finer than anyone can see
RIGHT_SHARE = 0.9  # faces are not symmetric: the right side moves a little less
EYE_REACH = 0.5  # radians: eyes turn no further in the head and wait there until it has followed
VERGENCE = 0.012  # radians each eye turns in, looking at somebody two and a half metres away


@dataclass
class Performance:
    """The movement under construction: one value a frame for each unit and angle, radians."""

    seconds: float
    fps: float
    units: dict[str, Track] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.times = np.arange(round(self.seconds * self.fps)) / self.fps
        self.neck = np.zeros((len(self.times), 3))
        self.jaw = np.zeros((len(self.times), 3))
        self.gaze = np.zeros((len(self.times), 2))  # down, to the subject's left; in the world, not the head

    def add(self, unit: str, values: Track) -> None:
        """Add ``values`` to one unit."""
        self.units[unit] = self.units.get(unit, np.zeros(len(self.times))) + values

    def add_pair(self, unit: str, values: Track, right: float = RIGHT_SHARE) -> None:
        """Add ``values`` to the left unit and ``right`` of them to the right one."""
        self.add(f"{unit}Left", values)
        self.add(f"{unit}Right", right * values)

    def drift(self, size: float, seed: float) -> Track:
        """Small wandering of about ``size`` that repeats after the clip's length."""
        turns = 2.0 * np.pi * self.times / self.seconds
        rates = np.array([1, 2, 3, 5, 8])
        phases = 2.4 * seed * np.arange(1, len(rates) + 1) ** 1.7
        waves = np.sin(rates[:, None] * turns + phases[:, None]) / rates[:, None] ** 0.8
        return size * 0.6 * waves.sum(axis=0)

    def clip(self) -> Clip:
        """The finished clip; the eyes take from the gaze what the neck has not turned."""
        count = len(self.times)
        eye = EYE_REACH * np.tanh((self.gaze - self.neck[:, :2]) / EYE_REACH)
        eyes = np.zeros((count, 6))
        eyes[:, [0, 3]] = eye[:, :1]
        eyes[:, 1], eyes[:, 4] = eye[:, 1] - VERGENCE, eye[:, 1] + VERGENCE
        expr = np.stack([np.clip(self.units[name], 0.0, 1.0) for name in sorted(self.units)], axis=1)
        return Clip(
            shape=np.zeros(0, np.float32),
            expr=rounded(expr),
            rotation=rounded(np.zeros((count, 3))),
            neck_pose=rounded(self.neck),
            jaw_pose=rounded(self.jaw),
            eyes_pose=rounded(eyes),
            translation=rounded(np.zeros((count, 3))),
            fps=self.fps,
            model_name="any head with ARKit units",
        )


def rounded(values: Track) -> FloatArray:
    """``values`` as float32 that come out the same on every machine."""
    return np.round(values, DECIMALS).astype(np.float32)


def eased(times: Track, start: float, seconds: float) -> Track:
    """0 before ``start``, 1 after it by ``seconds``, minimum jerk between."""
    part = np.clip((times - start) / seconds, 0.0, 1.0)
    return part**3 * (10.0 - 15.0 * part + 6.0 * part**2)


def path(times: Track, moves: Iterable[tuple[float, float, float]]) -> Track:
    """Movements one after another from 0: (start, seconds, value to go to)."""
    values, at = np.zeros(len(times)), 0.0
    for start, seconds, target in moves:
        values += (target - at) * eased(times, start, seconds)
        at = target
    return values


def bump(times: Track, start: float, rise: float, hold: float, fall: float) -> Track:
    """Up within ``rise`` seconds, held, down within ``fall``."""
    return eased(times, start, rise) - eased(times, start + rise + hold, fall)


def blink(show: Performance, start: float, amount: float = 1.0, pace: float = 1.0) -> None:
    """Close and open both eyes: 90 ms down, 40 ms shut, 200 ms up at ``pace`` 1.

    The eyes dip a little with the lids, the right lid comes a few milliseconds later, and the
    skin around the eye helps.
    """
    left = amount * bump(show.times, start, 0.09 * pace, 0.04 * pace, 0.2 * pace)
    right = amount * bump(show.times, start + 0.004, 0.09 * pace, 0.04 * pace, 0.2 * pace)
    show.add("eyeBlinkLeft", left)
    show.add("eyeBlinkRight", right)
    show.add_pair("eyeSquint", 0.18 * left)
    show.add_pair("browDown", 0.05 * left)
    show.gaze[:, 0] += 0.03 * left


def breathe(show: Performance, size: float = 1.0) -> None:
    """Everything that never stands still: head, eyes, brows, corners of the mouth."""
    for axis, amount in enumerate((0.007, 0.009, 0.005)):
        show.neck[:, axis] += show.drift(size * amount, 1.0 + axis)
    for axis, amount in enumerate((0.004, 0.006)):
        show.gaze[:, axis] += show.neck[:, axis] * 0.3 + show.drift(amount, 5.0 + axis)
    show.add("browInnerUp", 0.04 + show.drift(0.025, 8.0))
    show.add_pair("mouthSmile", 0.05 + show.drift(0.02, 9.0), right=0.7)


def look_around() -> Performance:
    """Eyes lead, the head follows by two thirds; a blink with each large shift."""
    show = Performance(6.0, 30.0)
    shifts = ((0.5, 0.04, 0.5), (1.9, -0.1, -0.42), (3.3, 0.14, -0.12), (4.5, 0.0, 0.0))
    for axis in (0, 1):
        targets = [(start, shift[axis]) for start, *shift in shifts]
        show.gaze[:, axis] += path(show.times, [(start, 0.09, value) for start, value in targets])
        show.neck[:, axis] += path(
            show.times, [(start + 0.1, 0.62, 0.66 * value) for start, value in targets]
        )
    show.neck[:, 2] += path(show.times, [(start + 0.16, 0.7, -0.16 * side) for start, _, side in shifts])
    for start, amount in ((0.46, 0.95), (1.86, 1.0), (4.46, 1.0), (5.35, 0.9)):
        blink(show, start, amount)
    curious = bump(show.times, 1.95, 0.35, 0.6, 0.7)
    show.add("browInnerUp", 0.22 * curious)
    show.add_pair("browOuterUp", 0.35 * curious, right=0.6)
    show.add_pair("eyeWide", 0.12 * curious)
    thinking = bump(show.times, 3.35, 0.4, 0.5, 0.6)
    show.add("mouthPressLeft", 0.3 * thinking)
    show.add("mouthPressRight", 0.22 * thinking)
    show.add("mouthLeft", 0.12 * thinking)
    show.add_pair("browDown", 0.18 * thinking, right=0.6)
    breathe(show)
    return show


@dataclass(frozen=True)
class Viseme:
    """A mouth shape: jaw angle, units, how strongly it rules its neighbours and for how long."""

    jaw: float  # radians
    units: Mapping[str, float]
    strength: float = 1.0
    seconds: float = 0.075  # distance at which its dominance falls to 1/e
    sealed: bool = False  # the lips meet


OPEN, CLOSED = "mouthLowerDown", "mouthPress"
VISEMES = {
    "-": Viseme(0.0, {}, 1.2, 0.09),
    "A": Viseme(0.15, {OPEN: 0.16, "mouthUpperUp": 0.1, "mouthStretch": 0.08}),
    "E": Viseme(0.10, {OPEN: 0.16, "mouthUpperUp": 0.12, "mouthStretch": 0.2, "mouthSmile": 0.1}),
    "I": Viseme(0.045, {OPEN: 0.14, "mouthUpperUp": 0.12, "mouthStretch": 0.28, "mouthSmile": 0.28}),
    "O": Viseme(0.085, {"mouthFunnel": 0.3, "mouthPucker": 0.4}, 1.3, 0.085),
    "U": Viseme(0.04, {"mouthPucker": 0.7, "mouthFunnel": 0.16}, 1.4, 0.085),
    "W": Viseme(0.03, {"mouthPucker": 0.75, "mouthFunnel": 0.06}, 1.4, 0.07),
    "L": Viseme(0.075, {OPEN: 0.12, "mouthUpperUp": 0.08}, 0.6, 0.05),
    "T": Viseme(0.04, {OPEN: 0.14, "mouthUpperUp": 0.08, "mouthStretch": 0.1}, 0.7, 0.045),
    "S": Viseme(0.025, {OPEN: 0.18, "mouthUpperUp": 0.12, "mouthStretch": 0.18}, 1.1, 0.05),
    "K": Viseme(0.065, {OPEN: 0.08}, 0.5, 0.05),
    "M": Viseme(0.035, {CLOSED: 0.35, "mouthRollLower": 0.14, "mouthRollUpper": 0.1}, 3.2, 0.05, sealed=True),
}
# "Hello … welcome to the studio": (seconds, shape), stressed vowels held longer
PHRASE = (
    (0.30, "-"), (0.46, "K"), (0.56, "E"), (0.68, "L"), (0.84, "O"), (0.96, "O"), (1.16, "-"), (1.34, "-"),
    (1.52, "W"), (1.64, "E"), (1.73, "L"), (1.81, "K"), (1.90, "A"), (2.01, "M"), (2.10, "T"), (2.19, "U"),
    (2.27, "T"), (2.34, "A"), (2.44, "S"), (2.53, "T"), (2.66, "U"), (2.78, "T"), (2.88, "I"), (3.04, "O"),
    (3.16, "O"), (3.36, "-"), (3.60, "-"),
)  # fmt: skip


def dominance(times: Track) -> Track:
    """How much each shape of ``PHRASE`` rules at each time, (shapes, T), columns summing to one."""
    raw = np.stack(
        [
            VISEMES[shape].strength * np.exp(-(((times - moment) / VISEMES[shape].seconds) ** 2))
            for moment, shape in PHRASE
        ]
    )
    silence = ((times < PHRASE[0][0]) | (times > PHRASE[-1][0])) * 1e3
    raw[0] += silence + 1e-6
    return raw / raw.sum(axis=0)


def speak(fps: float = 30.0) -> Performance:
    """A short phrase with brows and nods on its stresses."""
    show = Performance(4.2, fps)
    share = dominance(show.times)
    shapes = [VISEMES[shape] for _, shape in PHRASE]
    show.jaw[:, 0] = share.T @ np.array([shape.jaw for shape in shapes])
    seal = share.T @ np.array([float(shape.sealed) for shape in shapes])
    show.add("mouthClose", np.clip(seal, 0.0, 1.0) * show.jaw[:, 0] / JAW_OPEN)
    single = {"mouthFunnel", "mouthPucker", "mouthRollLower", "mouthRollUpper"}
    for unit in sorted({name for shape in shapes for name in shape.units}):
        values = share.T @ np.array([shape.units.get(unit, 0.0) for shape in shapes])
        if unit in single:
            show.add(unit, values)
        else:
            show.add_pair(unit, values)
    for start, size in ((0.7, 1.0), (1.5, 0.7), (2.5, 1.0)):
        stress = size * bump(show.times, start - 0.12, 0.22, 0.12, 0.5)
        show.add("browInnerUp", 0.16 * stress)
        show.add_pair("browOuterUp", 0.22 * stress, right=0.75)
        show.neck[:, 0] += 0.045 * bump(show.times, start, 0.2, 0.02, 0.4) * size - 0.02 * stress
    show.neck[:, 1] += path(show.times, [(0.4, 0.6, 0.05), (1.4, 0.7, -0.06), (3.2, 0.8, 0.0)])
    show.neck[:, 2] += path(show.times, [(0.5, 0.6, -0.035), (1.5, 0.8, 0.03), (3.3, 0.8, 0.0)])
    show.gaze[:, 1] += path(show.times, [(1.18, 0.07, 0.13), (1.46, 0.07, 0.0)])
    pleased = bump(show.times, 3.1, 0.5, 0.1, 0.5)
    show.add_pair("mouthSmile", 0.22 * pleased)
    show.add_pair("cheekSquint", 0.12 * pleased)
    for start, amount in ((0.12, 0.95), (1.2, 1.0), (3.28, 1.0)):
        blink(show, start, amount)
    breathe(show)
    return show


BLINKS = ((0.45, 1.0, 1.0), (1.3, 1.0, 1.9), (2.45, 1.0, 0.9), (2.82, 0.95, 0.9), (3.5, 0.55, 1.0))


def blinks() -> Performance:
    """One, a slow one, two in a row, half a one."""
    show = Performance(4.0, 30.0)
    for start, amount, pace in (
        (0.45, 1.0, 1.0),
        (1.3, 1.0, 1.9),
        (2.45, 1.0, 0.9),
        (2.82, 0.95, 0.9),
        (3.5, 0.55, 1.0),
    ):
        blink(show, start, amount, pace)
    settle = bump(show.times, 1.25, 0.4, 0.4, 0.6)
    show.neck[:, 0] += 0.035 * settle
    show.gaze[:, 1] += path(show.times, [(0.5, 0.06, 0.05), (2.5, 0.06, -0.04), (3.55, 0.06, 0.0)])
    breathe(show)
    return show


def smile() -> Performance:
    """A smile that starts in the eyes, opens a little, lingers, and leaves more slowly than it came."""
    show = Performance(4.4, 25.0)
    joy = bump(show.times, 0.45, 0.62, 1.5, 1.15)
    linger = joy * (1.0 + show.drift(0.04, 3.0))
    early = bump(show.times, 0.35, 0.5, 1.5, 1.0)
    grin = bump(show.times, 0.95, 0.55, 0.75, 0.9)
    show.add_pair("mouthSmile", 0.72 * linger, right=0.92)
    show.add_pair("cheekSquint", 0.6 * linger)
    show.add_pair("eyeSquint", 0.42 * early)
    show.add_pair("mouthDimple", 0.12 * linger, right=0.6)
    show.add_pair("mouthUpperUp", 0.26 * grin)
    show.add_pair("mouthLowerDown", 0.16 * grin)
    show.add_pair("browOuterUp", 0.16 * bump(show.times, 0.4, 0.5, 0.4, 1.1), right=0.7)
    show.jaw[:, 0] += 0.045 * grin
    show.neck[:, 0] -= 0.04 * joy
    show.neck[:, 1] += 0.05 * early
    show.neck[:, 2] += -0.07 * joy
    for start, amount in ((0.5, 0.9), (2.75, 1.0)):
        blink(show, start, amount, 1.1)
    breathe(show)
    return show


NTSC = 30000.0 / 1001.0
TRACKED_NOISE = {  # standard deviations of a tracker of single pictures, from one frame to the next
    "expr": 0.025,
    "rotation": 0.004,
    "neck_pose": 0.003,
    "jaw_pose": 0.006,
    "eyes_pose": 0.008,
    "translation": 0.0004,
}
LOST = (31, 74, 75)  # frames in which the tracker takes something else for the face


def tracked() -> Clip:
    """The phrase as a tracker of single pictures sees it: jittery, and lost for three frames."""
    show = speak(NTSC)
    clip, random = show.clip(), np.random.default_rng(2997)
    changed = {}
    for name, size in TRACKED_NOISE.items():
        values = getattr(clip, name).astype(np.float64)
        moved = values + size * random.standard_normal(values.shape)
        moved[list(LOST)] += 8.0 * size * random.standard_normal((len(LOST), values.shape[1]))
        changed[name] = rounded(np.clip(moved, 0.0, 1.0) if name == "expr" else moved)
    return clip.replace(**changed)


PERFORMANCES: dict[str, Callable[[], Performance]] = {
    "look_around": look_around,
    "speak": speak,
    "blink": blinks,
    "smile": smile,
}


def bake(folder: Path) -> list[Path]:
    """Write every example into ``folder``; the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, perform in PERFORMANCES.items():
        show = perform()
        target = folder / f"{name}.npz"
        write_npz(target, clip_entries(show.clip(), sorted(show.units), LICENCE))
        written.append(target)
    target = folder / "tracked.npz"
    write_npz(target, clip_entries(tracked(), sorted(speak(NTSC).units), LICENCE))
    return [*written, target]


if __name__ == "__main__":
    for made in bake(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER):
        print(made.name, made.stat().st_size, "bytes")
