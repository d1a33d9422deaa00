"""MakeHuman's macro and local targets: which there are, and how phenotype values weigh them."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .source import Array, read_target

RACES = ("african", "asian", "caucasian")
MUSCLES = ("minmuscle", "averagemuscle", "maxmuscle")
WEIGHTS = ("minweight", "averageweight", "maxweight")
CATEGORIES = ("cheek", "chin", "ears", "eyebrows", "eyes", "forehead", "head", "mouth", "neck", "nose")


@dataclass(frozen=True, eq=False)
class Phenotypes:
    """Values 0..1 of N people, each (N,), gender from male to female; races (N, 3) sum to 1."""

    gender: Array
    old: Array
    muscle: Array
    weight: Array
    height: Array
    proportions: Array
    races: Array


AVERAGE = Phenotypes(
    gender=np.array([0.5]),
    old=np.array([0.25]),
    muscle=np.array([0.5]),
    weight=np.array([0.5]),
    height=np.array([0.5]),
    proportions=np.array([0.3]),
    races=np.full((1, 3), 1.0 / 3.0),
)


def _peaks(value: Array, low: str, middle: str, high: str) -> dict[str, Array]:
    """Piecewise linear weights: ``low`` peaks at 0, ``middle`` at 0.5, ``high`` at 1."""
    lower, upper = np.maximum(1.0 - 2.0 * value, 0.0), np.maximum(2.0 * value - 1.0, 0.0)
    return {low: lower, middle: 1.0 - lower - upper, high: upper}


def macro_weights(people: Phenotypes) -> dict[str, Array]:
    """Weight (N,) of every macro target by its path under `macrodetails`, without suffix.

    A target's weight is the product of the weights of the words in its name.
    """
    genders = {"female": people.gender, "male": 1.0 - people.gender}
    ages = {"young": 1.0 - people.old, "old": people.old}
    races = {race: people.races[:, i] for i, race in enumerate(RACES)}
    muscles = _peaks(people.muscle, *MUSCLES)
    weights = _peaks(people.weight, *WEIGHTS)
    heights = _peaks(people.height, "minheight", "", "maxheight")
    proportions = _peaks(people.proportions, "idealproportions", "", "uncommonproportions")
    result = {}
    for (gender, by_gender), (age, by_age) in itertools.product(genders.items(), ages.items()):
        base = by_gender * by_age
        for race, by_race in races.items():
            result[f"{race}-{gender}-{age}"] = base * by_race
        for (muscle, by_muscle), (weight, by_weight) in itertools.product(muscles.items(), weights.items()):
            build, body = f"{gender}-{age}-{muscle}-{weight}", base * by_muscle * by_weight
            result[f"universal-{build}"] = body
            for folder, extremes in (("height", heights), ("proportions", proportions)):
                for extreme, amount in extremes.items():
                    if extreme:
                        result[f"{folder}/{build}-{extreme}"] = body * amount
    return result


def average_shape(folder: Path, base_vertices: Array) -> Array:
    """The base mesh (n, 3) as the average adult: what every part of the head is designed on."""
    shape = base_vertices.copy()
    for name, weight in macro_weights(AVERAGE).items():
        if weight[0] > 0.0:
            shape += weight[0] * read_target(_macro_path(folder, name), len(shape))
    return shape


def read_macro_targets(folder: Path, vertex_count: int) -> dict[str, Array]:
    """Displacements (``vertex_count``, 3) of all macro targets of adults."""
    return {name: read_target(_macro_path(folder, name), vertex_count) for name in macro_weights(AVERAGE)}


def _macro_path(folder: Path, name: str) -> Path:
    return folder / f"mpfb2/targets/macrodetails/{name}.target.gz"


@dataclass(frozen=True)
class Axis:
    """A local change with two ends; file stems of the targets by side, `unsided` or `left` and `right`."""

    category: str
    name: str
    ends: tuple[tuple[str, str, str], ...]  # (side, stem of the negative target, stem of the positive one)


def local_axes(folder: Path) -> list[Axis]:
    """The local changes of the head that have opposites."""
    table = json.loads((folder / "mpfb2/targets/target.json").read_text())
    axes = []
    for category in CATEGORIES:
        for entry in table[category]["categories"]:
            opposites = entry.get("opposites")
            if opposites is None:
                continue
            ends = tuple(
                (side, opposites[f"negative-{side}"], opposites[f"positive-{side}"])
                for side in ("unsided", "left", "right")
                if opposites[f"negative-{side}"] and opposites[f"positive-{side}"]
            )
            axes.append(Axis(category, entry["name"], ends))
    return axes


def local_target_path(folder: Path, category: str, stem: str) -> Path:
    """Where the target ``stem`` of ``category`` lies."""
    return folder / f"mpfb2/targets/{category}/{stem}.target.gz"
