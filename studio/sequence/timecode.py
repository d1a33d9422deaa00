"""Time as people write it: frames, seconds, and timecode of the film world (SMPTE 12M), both ways."""

from __future__ import annotations

import math
import re
from typing import Literal

TimeUnit = Literal["seconds", "frames", "timecode"]

_DROPPED = {30: 2, 60: 4}  # frame numbers left out each minute but every tenth, by the nominal rate
_NTSC = 1000.0 / 1001.0
_NUMBER = r"\d*\.?\d+|\d+\."
_LONGEST = 32  # characters of a typed time
_LATEST = 2**31 - 1  # the last frame that can be asked for
_CLOCK = re.compile(rf"(?:(\d+):)?(\d+):({_NUMBER})")
_CODE = re.compile(r"(?:(?:(\d+)[:.;])?(\d+)[:.;])?(\d+)[:.;](\d+)")


def nominal(fps: float) -> int:
    """Frames that timecode counts in a second: the whole number nearest to ``fps``, at least 1."""
    return max(round(fps), 1)


def drops_frames(fps: float) -> bool:
    """Whether timecode at ``fps`` leaves out numbers to stay with the clock: 29.97 and 59.94 do."""
    rate = nominal(fps)
    return rate in _DROPPED and abs(fps - rate * _NTSC) < 0.005 * rate / 30


def clock(seconds: float) -> str:
    """Minutes, seconds and hundredths, like 00:01.20."""
    hundredths = max(int(seconds * 100 + 0.5), 0)
    return f"{hundredths // 6000:02d}:{hundredths // 100 % 60:02d}.{hundredths % 100:02d}"


def timecode(frame: float, fps: float) -> str:
    """Hours, minutes, seconds and frames, like 00:00:01:05; with ``;`` before frames where numbers drop.

    Drop-frame counts 0 and 1 (at 59.94: 0 to 3) out at the start of each minute that is no tenth one.
    """
    rate, number, mark = nominal(fps), max(round(frame), 0), ":"
    if drops_frames(fps):
        mark, dropped = ";", _DROPPED[rate]
        minute, ten = 60 * rate - dropped, 600 * rate - 9 * dropped
        tens, rest = divmod(number, ten)
        number += 9 * dropped * tens + dropped * max((rest - dropped) // minute, 0)
    seconds, frames = divmod(number, rate)
    width = max(len(str(rate - 1)), 2)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{mark}{frames:0{width}d}"


def frame_of_timecode(text: str, fps: float) -> int | None:
    """The frame that ``text`` names, with hours and minutes left out or not; None: it is no timecode.

    A number that drop-frame leaves out is taken for the next one that there is.
    """
    match = _CODE.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes, seconds, frames = (int(part or 0) for part in match.groups())
    rate = nominal(fps)
    if frames >= rate or seconds > 59 or minutes > 59:
        return None
    total = 60 * hours + minutes
    number = (60 * total + seconds) * rate + frames
    if not drops_frames(fps):
        return number
    dropped = _DROPPED[rate]
    if seconds == 0 and total % 10:
        number = max(number, 60 * total * rate + dropped)
    return number - dropped * (total - total // 10)


def write_time(frame: float, fps: float, unit: TimeUnit) -> str:
    """The moment ``frame`` in ``unit``."""
    if unit == "frames":
        return str(max(round(frame), 0))
    return timecode(frame, fps) if unit == "timecode" else clock(frame / fps)


def read_time(text: str, here: float, fps: float, unit: TimeUnit) -> int | None:
    """The whole frame that a typed ``text`` means, 0 to 2**31 - 1; None where it means none.

    A number alone is in ``unit`` (frames, too, in timecode); ``f`` and ``s`` behind it say which. A sign
    before it counts from the frame ``here``. ``1:02.5`` are minutes and seconds, ``1:02:10`` and more are
    timecode; in timecode ``1:02`` are a second and two frames. More than 32 characters mean none.
    """
    text = text.strip().lower().replace(",", ".")
    if len(text) > _LONGEST:
        return None
    sign = {"+": 1.0, "-": -1.0}.get(text[:1], 0.0)
    frames = _frames(text[1:].strip() if sign else text, fps, unit)
    if frames is None or not math.isfinite(frames):
        return None
    return min(max(round(here + sign * frames if sign else frames), 0), _LATEST)


def _frames(text: str, fps: float, unit: TimeUnit) -> float | None:
    number = re.fullmatch(rf"({_NUMBER})\s*([fs]?)", text)
    if number is not None:
        seconds = number[2] == "s" or (unit == "seconds" and not number[2])
        return float(number[1]) * (fps if seconds else 1.0)
    written = _CLOCK.fullmatch(text)
    if written is not None and (unit != "timecode" or "." in text) and written[1] is None:
        return (60.0 * int(written[2]) + float(written[3])) * fps
    return frame_of_timecode(text, fps)
