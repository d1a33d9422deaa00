"""Faces drawn at random stay faces: few units, sides alike, nothing that excludes one another."""

from __future__ import annotations

import numpy as np
import pytest

from studio.controls.arkit import LOOKS, UNITS
from studio.controls.emotions import EMOTIONS
from studio.controls.named_controls import control_set
from studio.controls.random_face import EXCLUSIVE, random_values
from studio.flame.model import HeadModel

SEEDS = range(60)


def drawn(model: HeadModel, names: tuple[str, ...], strength: float, seed: int) -> dict[str, float]:
    return random_values(control_set(model), names, strength, np.random.default_rng(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_face_is_within_its_ranges_and_sparse(head_model: HeadModel, seed: int) -> None:
    controls = control_set(head_model).controls
    values = drawn(head_model, (*UNITS, "headTurn", "headNod", "headTilt"), 1.0, seed)
    assert values.keys() == {*UNITS, "headTurn", "headNod", "headTilt"}
    for name, value in values.items():
        assert controls[name].lowest <= value <= controls[name].highest
    units = [name for name in UNITS if values[name] and name not in LOOKS]
    assert values["eyeLookUpLeft"] == values["eyeLookUpRight"]
    assert values["eyeLookOutLeft"] == values["eyeLookInRight"]
    assert values["eyeLookInLeft"] == 0.0 or values["eyeLookOutLeft"] == 0.0
    assert len(units) < 26
    assert values["mouthClose"] == 0.0
    for group in EXCLUSIVE:
        used = {stem for stem in group if any(name.startswith(stem) for name in units)}
        assert len(used) <= 1, used


def test_sides_are_mostly_alike(head_model: HeadModel) -> None:
    both = [drawn(head_model, ("browDownLeft", "browDownRight"), 1.0, seed) for seed in SEEDS]
    alike = [abs(v["browDownLeft"] - v["browDownRight"]) < 0.3 for v in both]
    assert 0.6 < np.mean(alike) < 1.0
    assert all(max(values.values()) > 0.0 for values in both)


def test_strength_scales(head_model: HeadModel) -> None:
    weak = [max(drawn(head_model, UNITS, 0.2, seed).values()) for seed in SEEDS]
    strong = [max(drawn(head_model, UNITS, 1.0, seed).values()) for seed in SEEDS]
    assert max(weak) < 0.3
    assert np.median(strong) > 0.5
    assert not any(drawn(head_model, UNITS, 0.0, 1).values())


@pytest.mark.parametrize("seed", SEEDS)
def test_one_mood_or_two(head_model: HeadModel, seed: int) -> None:
    values = drawn(head_model, tuple(EMOTIONS), 1.0, seed)
    assert 1 <= sum(value > 0.0 for value in values.values()) <= 2


def test_the_same_seed_draws_the_same_face(head_model: HeadModel) -> None:
    assert drawn(head_model, UNITS, 0.7, 5) == drawn(head_model, UNITS, 0.7, 5)
