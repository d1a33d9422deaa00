"""Recipes as TOML text, as users write them by hand: strict about words, forgiving about what is left out."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import Any

from studio.document.photo_camera import PROJECTIONS
from studio.fitting.recipe import LIGHTS, METHODS, PRIORS, TERMS, VARIABLES, Recipe, Stage
from studio.storage.errors import UnfitFileError

LARGEST_TEXT = 10_000  # characters, as many as a session keeps of one text
MOST_STAGES = 50
_STAGE = "stage"
_WORDS = {"projection": PROJECTIONS, "light": LIGHTS, "prior": PRIORS, "method": METHODS}
_TEXTS = {"name": 60, "tip": 300}  # the most characters
_WHOLE = {
    "shape_count": (0, 1000),
    "expression_count": (0, 1000),
    "texture_count": (0, 1000),
    "iterations": (1, 20_000),
    "size": (32, 2048),
}
LARGEST_WEIGHT = 1e9
_LARGEST = 1e300  # of any number, so that it can be told
LARGEST_STEP = 10.0
_RECIPE_KEYS = [entry.name for entry in fields(Recipe) if entry.name != "stages"]
_STAGE_KEYS = [entry.name for entry in fields(Stage)]


def recipe_from_text(text: str, file: str = "The recipe") -> Recipe:
    """The recipe that the TOML ``text`` describes; ``file`` is what errors call it.

    Raises:
        UnfitFileError: it is no recipe; the sentence names the stage, the key, and what was meant.

    """
    entries = _parsed(text, file)
    stages = entries.pop(_STAGE, None)
    _refuse_others(entries, [*_RECIPE_KEYS, _STAGE], file)
    if not isinstance(stages, list) or not stages or not all(isinstance(stage, dict) for stage in stages):
        raise UnfitFileError(f"{file} has no stage; write at least one, under a line [[stage]].")
    if len(stages) > MOST_STAGES:
        raise UnfitFileError(f"{file} has {len(stages)} stages; {MOST_STAGES} are the most.")
    values = {key: _value(key, value, file) for key, value in entries.items()}
    values.setdefault("name", file.rsplit(".", 1)[0][: _TEXTS["name"]])
    values.setdefault("tip", "")
    return Recipe(
        stages=tuple(_stage(stage, number, file) for number, stage in enumerate(stages, 1)), **values
    )


def recipe_to_text(recipe: Recipe) -> str:
    """``recipe`` as :func:`recipe_from_text` reads it, without what is usual anyway."""
    import tomli_w

    usual = {entry.name: entry.default for entry in (*fields(Recipe), *fields(Stage))}
    plain: dict[str, Any] = {
        key: value for key in _RECIPE_KEYS if (value := getattr(recipe, key)) != usual[key]
    }
    plain[_STAGE] = [_plain_stage(stage, usual) for stage in recipe.stages]
    return tomli_w.dumps(plain)


def _plain_stage(stage: Stage, usual: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for key in _STAGE_KEYS:
        value = getattr(stage, key)
        if isinstance(value, Mapping):
            plain |= {key: dict(value)} if value else {}
        elif value != usual[key]:
            plain[key] = list(value) if isinstance(value, tuple) else value
    return plain


def _parsed(text: str, file: str) -> dict[str, Any]:
    if len(text) > LARGEST_TEXT:
        raise UnfitFileError(f"{file} is too long for a recipe; choose another file.")
    try:
        entries = tomllib.loads(text)
        str(entries)  # whole numbers in hexadecimal may be too long to be told
        return entries
    except tomllib.TOMLDecodeError as problem:
        raise UnfitFileError(f"{file} is no TOML: {str(problem)[:120].lower()}; mend that line.") from None
    except (RecursionError, ValueError):  # brackets a thousand deep; an integer of thousands of digits
        raise UnfitFileError(f"{file} is no recipe; choose another file.") from None


def _stage(entries: dict[str, Any], number: int, file: str) -> Stage:
    name = entries.get("name", f"Stage {number}")
    where = f"{file}, stage {name!r}" if isinstance(name, str) else f"{file}, stage {number}"
    _refuse_others(entries, _STAGE_KEYS, where)
    for needed in ("moves", "iterations"):
        if needed not in entries:
            raise UnfitFileError(f"{where} says nothing of {needed}; add a line {needed} = ….")
    return Stage(**{"name": name} | {key: _value(key, value, where) for key, value in entries.items()})


def _value(key: str, value: Any, where: str) -> Any:
    """``value`` of ``key``, checked."""
    if key in _TEXTS:
        return _text(key, value, where)
    if key in _WORDS:
        return _word(value, _WORDS[key], where, key)
    if key in _WHOLE:
        return _whole(key, value, where)
    if key == "moves":
        if not isinstance(value, list) or not value:
            raise UnfitFileError(f'{where}, moves: give a list of what moves, as ["place", "rotation"].')
        return tuple(dict.fromkeys(_word(word, VARIABLES, where, key) for word in value))
    if key == "weights":
        return _numbers(value, TERMS, where, key, 0.0, LARGEST_WEIGHT)
    if key == "steps":
        return _numbers(value, VARIABLES, where, key, 1e-9, LARGEST_STEP)
    if not isinstance(value, bool):
        raise UnfitFileError(f"{where}, {key}: it is true or false, not {_told(value)}.")
    return value


def _text(key: str, value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.isprintable():
        raise UnfitFileError(f"{where}, {key}: it is a line of text, not {_told(value)}.")
    if len(value) > _TEXTS[key]:
        raise UnfitFileError(f"{where}, {key}: {_TEXTS[key]} characters are the most.")
    return value


def _whole(key: str, value: Any, where: str) -> int:
    low, high = _WHOLE[key]
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise UnfitFileError(
            f"{where}, {key}: it is a whole number from {low:,} to {high:,}, not {_told(value)}."
        )
    return value


def _numbers(
    value: Any, known: Collection[str], where: str, key: str, low: float, high: float
) -> dict[str, float]:
    if not isinstance(value, dict):
        raise UnfitFileError(f"{where}, {key}: give names with numbers, as {{ {next(iter(known))} = 1.0 }}.")
    found = {}
    for name, number in value.items():
        _word(name, known, where, key)
        if isinstance(number, bool) or not isinstance(number, int | float) or not abs(number) <= _LARGEST:
            raise UnfitFileError(f"{where}, {key}, {name}: it is a number, not {_told(number)}.")
        if not low <= number <= high:
            raise UnfitFileError(f"{where}, {key}, {name}: it is from {low:g} to {high:g}, not {number:g}.")
        found[name] = float(number)
    return found


def _word(value: Any, known: Collection[str], where: str, key: str) -> str:
    if isinstance(value, str) and value in known:
        return value
    raise UnfitFileError(f"{where}, {key}: {_told(value)} is none; {_meant(value, known)}")


def _refuse_others(entries: Mapping[str, Any], known: Collection[str], where: str) -> None:
    for key in entries:
        if key not in known:
            raise UnfitFileError(f"{where} has no setting {_told(key)}; {_meant(key, known)}")


def _meant(value: Any, known: Collection[str]) -> str:
    close = difflib.get_close_matches(str(value)[:60], known, 1)
    return f"did you mean {close[0]!r}?" if close else f"there is {', '.join(known)}."


def _told(value: Any) -> str:
    """``value`` for a sentence, however long it is."""
    told = {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)
    return told if len(told) <= 60 else f"{told[:59]}…"
