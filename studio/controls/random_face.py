"""Faces drawn at random that a face could make: few units at once, both sides much alike."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from studio.controls.arkit import LOOKS, MOUTH_CLOSE, other_side
from studio.controls.emotions import EMOTIONS
from studio.controls.named_controls import EYELIDS, JAW_SIDEWAYS, ControlSet

CHANCE = 0.3  # that a unit takes part
SELDOM = {"tongueOut": 0.04, "cheekPuff": 0.1, "jawForward": 0.1}
ONE_SIDED = 0.2  # of what has two sides
UNEVEN = 0.15  # standard deviation of one side over the other
SECOND_EMOTION = 0.3
GAZE_SHARE = 0.4  # of a whole eyeLook unit
HEAD_SHARE = 0.2  # of a range that is one standard deviation
# Units that no face makes at once: where one is drawn, those after it are not.
EXCLUSIVE = (
    ("eyeBlink", "eyeWide", "eyeSquint"),
    ("browDown", "browOuterUp"),
    ("mouthSmile", "mouthFrown", "mouthStretch"),
    ("mouthFunnel", "mouthPucker", "mouthStretch"),
    ("mouthRollUpper", "mouthShrugUpper", "mouthUpperUp"),
    ("mouthRollLower", "mouthShrugLower", "mouthLowerDown"),
    ("jawLeft", "jawRight"),
    ("mouthLeft", "mouthRight"),
)


def random_values(
    controls: ControlSet, names: Iterable[str], strength: float, rng: np.random.Generator
) -> dict[str, float]:
    """Values for all of the controls ``names``, most of them 0; ``strength`` 1 uses their whole ranges.

    Emotions come one or two at a time, turns of the head and both eyes together about their middle,
    everything else sparsely.
    """
    chosen = tuple(names)
    values = dict.fromkeys(chosen, 0.0)
    moods = [name for name in chosen if name in EMOTIONS]
    turns = [name for name in chosen if controls.controls[name].group == "Head"]
    looks = [name for name in chosen if name in LOOKS]
    units = [name for name in chosen if name not in (*moods, *turns, *looks)]
    values |= _moods(moods, strength, rng)
    values |= _gaze(looks, strength, rng)
    for name in turns:
        control = controls.controls[name]
        drawn = HEAD_SHARE * strength * control.highest * rng.standard_normal()
        values[name] = float(np.clip(drawn, control.lowest, control.highest))
    return values | _units(units, strength, rng)


def _gaze(names: list[str], strength: float, rng: np.random.Generator) -> dict[str, float]:
    """Both eyes one way, those of the units ``names`` that it takes."""
    aside, above = np.clip(GAZE_SHARE * strength * rng.standard_normal(2), -1.0, 1.0).tolist()
    turned = ("OutLeft", "InRight") if aside > 0.0 else ("InLeft", "OutRight")
    raised = ("UpLeft", "UpRight") if above > 0.0 else ("DownLeft", "DownRight")
    wanted = {**dict.fromkeys(turned, abs(aside)), **dict.fromkeys(raised, abs(above))}
    return {name: wanted.get(name.removeprefix("eyeLook"), 0.0) for name in names}


def _moods(names: list[str], strength: float, rng: np.random.Generator) -> dict[str, float]:
    if not names:
        return {}
    first, *rest = rng.permutation(names).tolist()
    values = {first: _amount(strength, rng)}
    if rest and rng.random() < SECOND_EMOTION:
        values[rest[0]] = 0.5 * _amount(strength, rng)
    return values


def _units(names: list[str], strength: float, rng: np.random.Generator) -> dict[str, float]:
    """Values of those units that take part, at least one where there are any."""
    pairs: dict[str, list[str]] = {
        _stem(name): [] for name in names if name not in (MOUTH_CLOSE, JAW_SIDEWAYS)
    }
    for name in names:
        pairs.get(_stem(name), []).append(name)
    order = rng.permutation(sorted(pairs)).tolist()
    taken: list[str] = []
    for stem in order:
        if rng.random() < SELDOM.get(stem, CHANCE) and not any(_exclude(stem, other) for other in taken):
            taken.append(stem)
    taken = taken or [stem for stem in order if stem not in SELDOM][:1]
    values: dict[str, float] = {}
    for stem in taken:
        values |= _sides(pairs[stem], strength, rng)
    return values


def _sides(names: list[str], strength: float, rng: np.random.Generator) -> dict[str, float]:
    """One amount for both sides, or for one of them."""
    amount = _amount(strength, rng)
    if len(names) > 1 and rng.random() < ONE_SIDED and names[0] not in EYELIDS:
        return {names[int(rng.integers(len(names)))]: amount}
    return {name: float(np.clip(amount * (1.0 + UNEVEN * rng.standard_normal()), 0.0, 1.0)) for name in names}


def _amount(strength: float, rng: np.random.Generator) -> float:
    return float(np.clip(strength * rng.beta(2.0, 2.0), 0.0, 1.0))


def _stem(name: str) -> str:
    """What both sides are called together."""
    return name.removesuffix("Left").removesuffix("Right") if other_side(name) else name


def _exclude(first: str, second: str) -> bool:
    return any(first in group and second in group for group in EXCLUSIVE)
