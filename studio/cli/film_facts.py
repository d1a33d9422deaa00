"""What a film says of itself, and how much of it is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from studio.export.ffmpeg import counted, described
from studio.storage.errors import StudioError

_STREAM = re.compile(r"Video: (\w+)[^\n]*?, (\d+)x(\d+)[^\n]*")
_LENGTH = re.compile(r"Duration: (\d+):(\d+):([\d.]+)")
_MISSING = 0.1  # of what is announced: what may be missing at the end of a whole film, and one frame more


def film_facts(path: Path) -> dict[str, Any]:
    """What ffmpeg says of a film, its frames counted, and whether some are missing.

    Raises:
        StudioError: there are none.

    """
    told = described(path)
    stream = _STREAM.search(told)
    rate = re.search(r"([\d.]+) fps", stream[0]) if stream else None
    frames, seconds = counted(path)
    if stream is None or frames == 0:
        raise StudioError(f"{path.name} is damaged or cut short; get the film again.")
    fps = float(rate[1]) if rate else None
    note = re.search(r"^\s*comment\s*: (.*)$", told, re.MULTILINE | re.IGNORECASE)
    sound = re.search(r"Audio: (\w+)", told)
    return {
        "kind": "film",
        "title": f"{stream[1]} film",
        "sizes": {"width": int(stream[2]), "height": int(stream[3])},
        "frames": frames,
        "fps": fps,
        "seconds": seconds,
        "sound": sound[1] if sound else "",
        "note": note[1] if note else "",
        "problems": _missing(path, told, frames, fps),
    }


def _missing(path: Path, told: str, frames: int, fps: float | None) -> list[str]:
    length = _LENGTH.search(told)
    if length is None or fps is None:
        return []
    hours, minutes, seconds = (float(number) for number in length.groups())
    announced = (3600.0 * hours + 60.0 * minutes + seconds) * fps
    if frames + 1 + _MISSING * announced >= announced:
        return []
    return [f"{path.name} is cut short: of {announced:.0f} frames {frames} are there; get the film again."]
