"""A face or a person drawn at random, part by part, and a face between two others."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from studio.controls.emotions import EMOTIONS
from studio.controls.face_parts import FACE, PART_OF, in_order
from studio.controls.presets import Preset, blended, posed
from studio.controls.random_face import random_values
from studio.document.commands import Command, set_where_unlocked
from studio.document.control_state import controls_of
from studio.document.document import Document
from studio.flame.param_ranges import draw_field
from studio.flame.params import Params

CALM = 0.45  # of a draw of the head's turns, so that the face is still seen
MOOD_SHARE = 0.5  # of a whole face's units, where an emotion is drawn with them


def randomise_face(
    document: Document, parts: Collection[str], strength: float, seed: int | np.random.Generator
) -> Command:
    """Draw ``parts`` of the head anew, except for what is locked, in one step.

    Of the face few units take part at once, and where all of it is drawn an emotion with them; both eyes
    look one way. The identity is drawn from the model's own distribution.

    Args:
        document: whose head.
        parts: those that are drawn; the others stay.
        strength: 0 is neutral, 1 uses the ranges.
        seed: a number draws the same each time.

    Raises:
        StudioError: the controls cannot be solved.

    """
    rng = np.random.default_rng(seed)
    chosen = in_order(parts)
    controls, before = controls_of(document), document.params
    names = [name for name in PART_OF if PART_OF[name] in chosen and name in controls.controls]
    values = random_values(controls, names, strength, rng)
    values |= {name: CALM * value for name, value in values.items() if PART_OF[name] == "head"}
    if set(FACE) <= set(chosen):
        values = _with_mood(values, random_values(controls, EMOTIONS, strength, rng))
    face = Preset("Random face", chosen, values)
    shown = posed(face, document.model, before, chosen, controls)
    if "identity" in chosen:
        shown = shown.replace(shape=draw_field("shape", document.model, strength, rng))
    return set_where_unlocked(document, "Randomise face", shown)


def _with_mood(values: dict[str, float], mood: dict[str, float]) -> dict[str, float]:
    """``values`` of units, fewer of them, on top of an emotion."""
    mixed = {name: value * (MOOD_SHARE if PART_OF[name] in FACE else 1.0) for name, value in values.items()}
    for emotion, amount in mood.items():
        for unit, weight in EMOTIONS[emotion].items():
            mixed[unit] = min(max(mixed.get(unit, 0.0), amount * weight), 1.0)
    return mixed


def blend(
    document: Document, first: Params, second: Params, amount: float, gesture: int | None = None
) -> Command:
    """Show the face at ``amount`` of the way from ``first`` to ``second``, except for what is locked.

    Shape and expression are linear, joints turn on the sphere.
    """
    shown = blended(document.model, first, second, amount)
    return set_where_unlocked(document, f"Blend {round(100.0 * amount)} %", shown, gesture=gesture)
