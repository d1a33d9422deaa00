"""Small motion of eyes and head, drawn by a seed: saccades between fixations, and a slow sway."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Of saccades to the right, up right, up and so on around, in per cent: Lee, Badler and Badler 2002, "Eyes
# Alive", table 1. Sizes there are distributed exponentially, as here.
DIRECTIONS = (15.54, 6.46, 17.69, 7.44, 16.80, 7.89, 20.38, 7.79)
FARTHEST = 3.0  # mean sizes of a saccade that the eyes go from where they look
# A saccade of A degrees takes 2.2 A + 21 ms: Carpenter 1988, "Movements of the eyes".
A_DEGREE, LEAST_TIME = 0.0022, 0.021  # seconds
SHORTEST_FIXATION = 0.15  # seconds

SLOWEST, FASTEST = 0.08, 0.9  # hertz of the sway of a head; its size falls with the frequency
_WAVES = 9
_SHARES = (1.0, 1.0, 0.5)  # of nod, turn and tilt in a sway


def drawn_gaze(times: Array, a_minute: float, degrees: float, random: np.random.Generator) -> Array:
    """How far the eyes turn (T, 2) at ``times``: up and to the left, radians, from where they look.

    Args:
        times: seconds, ascending.
        a_minute: saccades in it on average.
        degrees: the mean size of one.
        random: what they are drawn from.

    """
    if a_minute <= 0.0 or degrees <= 0.0 or not len(times):
        return np.zeros((len(times), 2))
    wait = max(60.0 / a_minute - SHORTEST_FIXATION, 0.02)
    now, place = float(times[0]) + random.exponential(wait), np.zeros(2)
    knots, places = [float(times[0])], [place]
    while now < times[-1]:
        place, size = _next_place(place, degrees, random)
        knots += [now, now + LEAST_TIME + A_DEGREE * size]
        places += [places[-1], place]
        now = knots[-1] + SHORTEST_FIXATION + random.exponential(wait)
    knots.append(max(float(times[-1]), knots[-1]) + 1.0)
    places.append(places[-1])
    return np.deg2rad(_stepped(times, np.array(knots), np.array(places)))


def _next_place(place: Array, degrees: float, random: np.random.Generator) -> tuple[Array, float]:
    """Where the next saccade leads to, degrees up and to the left, and how far that is."""
    size = random.exponential(degrees)
    direction = random.choice(len(DIRECTIONS), p=np.array(DIRECTIONS) / sum(DIRECTIONS))
    angle = np.deg2rad(45.0 * direction + random.uniform(-22.5, 22.5))
    step = size * np.array([np.sin(angle), -np.cos(angle)])
    choices = (place + step, place - step, np.zeros(2))
    there = next(choice for choice in choices if np.linalg.norm(choice) <= FARTHEST * degrees)
    return there, float(np.linalg.norm(there - place))


def _stepped(times: Array, knots: Array, places: Array) -> Array:
    """``places`` (K, 2) of ``knots`` (K,) at ``times``, eased between two that differ."""
    before = np.clip(np.searchsorted(knots, times, side="right") - 1, 0, len(knots) - 2)
    span = np.maximum(knots[before + 1] - knots[before], 1e-9)
    amount = np.clip((times - knots[before]) / span, 0.0, 1.0)
    eased = (amount**3 * (10.0 - 15.0 * amount + 6.0 * amount**2))[:, None]  # of least jerk
    return (1.0 - eased) * places[before] + eased * places[before + 1]


def drawn_sway(times: Array, degrees: float, random: np.random.Generator) -> Array:
    """How far the head sways (T, 3) at ``times``, seconds: nod, turn and tilt, radians.

    Waves of random phase, whose size falls with their frequency as that of slow motion does; ``degrees``
    is the root mean square of nod and turn over a long time, a tilt is half of it.
    """
    frequencies = np.geomspace(SLOWEST, FASTEST, _WAVES)
    sizes = 1.0 / frequencies
    sizes *= np.sqrt(2.0) / np.linalg.norm(sizes)
    sway = np.zeros((len(times), 3))
    for axis, share in enumerate(_SHARES):
        own = frequencies * random.uniform(0.9, 1.1, _WAVES)  # no axis repeats with another
        phases = random.uniform(0.0, 2.0 * np.pi, _WAVES)
        for frequency, size, phase in zip(own, sizes, phases, strict=True):
            sway[:, axis] += share * size * np.sin(2.0 * np.pi * frequency * times + phase)
    return np.deg2rad(degrees) * sway
