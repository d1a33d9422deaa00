"""What components are called in front of people."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def sentence(name: str) -> str:
    """A name in camel or snake case as words in sentence case: mouthSmileLeft is Mouth smile left."""
    words = [word if len(word) > 1 and word.isupper() else word.lower() for word in _WORD.findall(name)]
    text = " ".join(words)
    return text[:1].upper() + text[1:] if text else name


def component_titles(names: Sequence[str], count: int, noun: str) -> tuple[str, ...]:
    """A title for each of ``count`` components: the model's name, else ``noun`` and its number from 1."""
    return tuple(
        sentence(names[index]) if index < len(names) and names[index] else f"{noun} {index + 1}"
        for index in range(count)
    )
