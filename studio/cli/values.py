"""What numbers, sizes and pairs may stand on the command line; anything else is a usage error."""

from __future__ import annotations

import argparse
import math


def size(text: str) -> tuple[int, int]:
    """Two sides in pixels."""
    from studio.export.options import LARGEST_SIDE

    width, _, height = text.lower().partition("x")
    sides = (int(width), int(height)) if width.isdecimal() and height.isdecimal() else (0, 0)
    if not all(1 <= side <= LARGEST_SIDE for side in sides):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a size as 1920x1080, of 1 to {LARGEST_SIDE} pixels a side"
        )
    return sides


def number(text: str) -> float:
    """A finite number."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number")
    return value


def above_zero(text: str) -> float:
    """A number above 0."""
    value = number(text)
    if value <= 0.0:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return value


def film_rate(text: str) -> float:
    """Frames a second of a film."""
    value = number(text)
    if not 0.01 <= value <= 1000.0:
        raise argparse.ArgumentTypeError(f"{text} is not a rate of 0.01 to 1000 frames a second")
    return value


def coefficients(text: str) -> tuple[tuple[str, float], ...]:
    """The pairs of ``NAME=X,…``."""
    pairs = []
    for entry in text.split(","):
        name, equals, value = entry.partition("=")
        if not (name.strip() and equals):
            raise argparse.ArgumentTypeError(f"{entry!r} is not NAME=NUMBER")
        pairs.append((name.strip(), number(value)))
    return tuple(pairs)


def angle(text: str) -> float:
    """A field of view in degrees."""
    value = number(text)
    if not 1.0 <= value <= 150.0:
        raise argparse.ArgumentTypeError(f"{text} is not within 1 to 150 degrees")
    return value


def whole(text: str, low: int, high: float, what: str) -> int:
    """A whole number from ``low`` to ``high``; errors call it ``what``."""
    if not text.isdecimal() or not low <= int(text) <= high:
        raise argparse.ArgumentTypeError(f"{text!r} is not {what}")
    return int(text)


def frame(text: str) -> int:
    """The number of a frame."""
    return whole(text, 0, math.inf, "a frame number from 0 on")


def count(text: str) -> int:
    """A number of points."""
    from studio.flame.sampling import MOST_POINTS

    return whole(text, 0, MOST_POINTS, f"a number of points up to {MOST_POINTS}")


def seed(text: str) -> int:
    """A seed."""
    from studio.flame.sampling import LARGEST_SEED

    return whole(text, 0, LARGEST_SEED, f"a seed from 0 to {LARGEST_SEED}")


def positive(text: str) -> int:
    """A number from 1 on."""
    return whole(text, 1, 1024, "a number from 1 to 1024")


def quality(text: str) -> int:
    """A quality of 1 to 100."""
    return whole(text, 1, 100, "a quality from 1 to 100")
