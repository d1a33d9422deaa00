"""Frames on their way to the head: calibrated, mirrored, smoothed, strengthened, and recorded."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

import numpy as np

from studio.controls.arkit import GROUP_OF, LOOKS, UNITS, mirrored_name
from studio.live.calibration import FRAMES, Neutral
from studio.live.frame import Array, FaceFrame
from studio.live.one_euro import OneEuro, OneEuroTurn, cutoff_of
from studio.live.recording import Recording
from studio.live.settings import HEAD_GAINS, LiveSettings

_BETA_UNITS = 2.0  # hertz for each unit a second
_BETA_TURN = 4.0  # hertz for each radian a second
_PAUSE = 0.5  # seconds without a frame, after which smoothing begins anew
_MIRROR = np.array([UNITS.index(mirrored_name(name)) for name in UNITS])
_MIRROR_TURN = np.array((1.0, -1.0, -1.0))
_AXES = (1, 0, 2)  # that turn, nod and tilt go about


@dataclass(frozen=True, eq=False)
class Moment:
    """What the head shows at one time: frames after all that becomes of them."""

    number: int  # of the frame, from 1
    time: float  # seconds on the clock of this machine
    units: Array  # (52,)
    head: Array  # (3,) axis-angle in radians


class Performance:
    """Takes frames on the thread of their source; everything else may be called on any thread."""

    def __init__(self, settings: LiveSettings) -> None:
        self._lock = Lock()
        self._settings = settings
        self._gains = _gains_of(settings)
        self._units, self._head = OneEuro(_BETA_UNITS), OneEuroTurn(_BETA_TURN)
        self._last: float | None = None
        self._count = 0
        self._newest: Moment | None = None
        self._neutral: Neutral | None = None
        self._resting: list[FaceFrame] | None = None  # frames of a calibration under way
        self._recording: Recording | None = None

    def renewed(self, settings: LiveSettings) -> Performance:
        """A performance that begins anew, with the same neutral face."""
        made = Performance(settings)
        made._neutral = self._neutral
        return made

    def take(self, frame: FaceFrame) -> None:
        """The next ``frame``; one from before the last is left out."""
        with self._lock:
            seconds = 0.0 if self._last is None else frame.time - self._last
            if seconds < 0.0:
                return
            self._last = frame.time
            self._calibrate(frame)
            units, head = frame.units, frame.head
            if self._neutral is not None:
                units, head = self._neutral.taken_from(units, head)
            if self._settings.mirrored:
                units, head = units[_MIRROR], head * _MIRROR_TURN
            units, head = self._smoothed(units, head, seconds)
            gains, turns = self._gains
            self._count += 1
            self._newest = Moment(self._count, frame.time, units * gains, head * turns)
            if self._recording is not None:
                self._recording.add(frame.time, self._newest.units, self._newest.head)

    def use(self, settings: LiveSettings) -> None:
        """Do what ``settings`` say from the next frame on."""
        with self._lock:
            if settings.mirrored != self._settings.mirrored:
                self._begin_anew()
            self._settings, self._gains = settings, _gains_of(settings)

    @property
    def newest(self) -> Moment | None:
        """What the head shows now; None before the first frame."""
        return self._newest

    @property
    def is_calibrated(self) -> bool:
        """Whether a neutral face is taken away from frames."""
        return self._neutral is not None

    @property
    def calibrating(self) -> float | None:
        """How much of a calibration is done, 0..1; None while there is none."""
        resting = self._resting
        return None if resting is None else len(resting) / FRAMES

    def calibrate(self) -> None:
        """Take the next frames for a neutral face."""
        with self._lock:
            self._resting = []

    def forget_neutral(self) -> None:
        """Take frames as they come."""
        with self._lock:
            self._resting = self._neutral = None
            self._begin_anew()

    @property
    def recording(self) -> Recording | None:
        """What is being recorded."""
        return self._recording

    def record(self) -> None:
        """Keep every moment from now on."""
        with self._lock:
            self._recording = Recording()

    def end_recording(self) -> Recording | None:
        """What was recorded; None where nothing was."""
        with self._lock:
            ended, self._recording = self._recording, None
            return ended if ended is not None and len(ended) else None

    def _calibrate(self, frame: FaceFrame) -> None:
        if self._resting is None:
            return
        self._resting.append(frame)
        if len(self._resting) >= FRAMES:
            self._neutral, self._resting = Neutral.of(self._resting), None
            self._begin_anew()

    def _smoothed(self, units: Array, head: Array, seconds: float) -> tuple[Array, Array]:
        strength = self._settings.smoothing
        if strength <= 0.0 or seconds > _PAUSE:
            self._begin_anew()
        cutoff = cutoff_of(strength)
        return self._units.step(units, seconds, cutoff), self._head.step(head, seconds, cutoff)

    def _begin_anew(self) -> None:
        self._units.reset()
        self._head.reset()


def _gains_of(settings: LiveSettings) -> tuple[Array, Array]:
    """What units (52,) and the turn of the head (3,) are multiplied by."""
    groups = ["Gaze" if name in LOOKS else GROUP_OF[name] for name in UNITS]
    turns = np.ones(3)
    turns[list(_AXES)] = [settings.gains[name] for name in HEAD_GAINS]
    return np.array([settings.gains[group] for group in groups]), turns
