"""How well a few typed letters match a title, and which of its letters they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_START = 8.0  # a letter that begins the title
_WORD = 6.0  # a letter that begins a word
_NEXT = 5.0  # a letter right behind the one before
_INSIDE = 1.0
_ALL = 3.0  # nothing but what was typed


@dataclass(frozen=True)
class Match:
    """A score, the higher the better, and the places of the matched letters."""

    score: float
    places: tuple[int, ...]


def match(typed: str, title: str) -> Match | None:
    """How ``typed`` matches ``title``: its words in any order, the letters of each in theirs.

    The letters of a word may be scattered where the first of them begins a word of the title. None
    where one is missing. Case does not matter.
    """
    low = title.lower()
    score, places = 0.0, set[int]()
    for word in typed.lower().split():
        found = _word(word, low)
        if found is None:
            return None
        score += found.score
        places |= set(found.places)
    return Match(score + (_ALL if typed.lower() == low else 0.0), tuple(sorted(places)))


def _word(word: str, title: str) -> Match | None:
    whole = _whole(word, title)
    if whole is not None:
        return whole
    starts = [place for place, letter in enumerate(title) if letter == word[0] and _begins_word(title, place)]
    found = [places for start in starts if (places := _scattered(word, title, start))]
    if not found:
        return None
    return max((Match(_score(places, title), places) for places in found), key=lambda entry: entry.score)


def _whole(word: str, title: str) -> Match | None:
    """``word`` in one piece, at the start of a word where there is one."""
    places = [place for place in range(len(title)) if title.startswith(word, place)]
    if not places:
        return None
    start = next((place for place in places if _begins_word(title, place)), places[0])
    run = tuple(range(start, start + len(word)))
    return Match(_score(run, title) + _WORD, run)


def _scattered(word: str, title: str, start: int) -> tuple[int, ...]:
    """The letters of ``word`` in ``title`` from ``start`` on, word starts first; empty if some is missing."""
    places = [start]
    for letter in word[1:]:
        after = places[-1] + 1
        if title[after : after + 1] == letter:
            places.append(after)
            continue
        later = [place for place in range(after, len(title)) if title[place] == letter]
        if not later:
            return ()
        places.append(next((place for place in later if _begins_word(title, place)), later[0]))
    return tuple(places)


def _begins_word(title: str, place: int) -> bool:
    return place == 0 or not title[place - 1].isalnum()


def _score(places: Sequence[int], title: str) -> float:
    total = 0.0
    for number, place in enumerate(places):
        if number and places[number - 1] == place - 1:
            total += _NEXT
        elif place == 0:
            total += _START
        else:
            total += _WORD if _begins_word(title, place) else _INSIDE
    return total
