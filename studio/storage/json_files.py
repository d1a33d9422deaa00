"""JSON from strangers: bounded in size and depth, no key twice, and long lists read item by item."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from studio.storage.errors import DamagedFileError, StudioError
from studio.storage.paths import file_size, read_bytes

LARGEST_JSON = 512 << 20  # bytes
DEEPEST = 64
_WHITE_SPACE = re.compile(r"[ \t\n\r]*")
_BRACKETS = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[{]|[\]}]', re.DOTALL)


def read_json(path: Path) -> Any:
    """What the JSON file at ``path`` says.

    Raises:
        StudioError: it cannot be read, is larger than ``LARGEST_JSON``, is nested deeper than
            ``DEEPEST``, is no JSON, or has a key twice.

    """
    return parse_json(_content(path), path.name)


def parse_json(data: bytes, name: str) -> Any:
    """What the JSON text ``data`` says; ``name`` is what errors call it.

    Raises:
        StudioError: as :func:`read_json`.

    """
    text = _text(data, name)
    return _guarded(name, lambda: _whole(text))


def read_json_items(path: Path, key: str, take: Callable[[Any], None]) -> dict[str, Any]:
    """The object at ``path`` without the list at ``key``, whose items go to ``take`` as they are read.

    A list of numbers is many times larger in memory than in a file: so it never stands there whole.
    A value at ``key`` that is no list stays in the object.

    Raises:
        StudioError: as :func:`read_json`, or there is no object in it.

    """
    text = _text(_content(path), path.name)
    if text[_skip(text, 0) : _skip(text, 0) + 1] != "{":
        raise StudioError(f"{path.name} holds no JSON object; choose another file.")
    return _guarded(path.name, lambda: _object(text, key, take))


def _content(path: Path) -> bytes:
    if file_size(path) > LARGEST_JSON:
        raise StudioError(f"{path.name} is larger than {LARGEST_JSON >> 20} MiB; save it as npz instead.")
    return read_bytes(path)


def _text(data: bytes, name: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DamagedFileError(f"{name} is not text in UTF-8, as JSON must be; save it again.") from None
    if _depth(text) > DEEPEST:
        raise DamagedFileError(f"{name} is nested deeper than {DEEPEST} levels; choose another file.")
    return text


def _depth(text: str) -> int:
    """How deep the brackets of ``text`` go, as far as it matters."""
    if text.count("[") + text.count("{") <= DEEPEST:
        return 0
    depth = deepest = 0
    for match in _BRACKETS.finditer(text):
        bracket = match.group()
        if bracket in "[{":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > DEEPEST:
                break
        elif bracket in "]}":
            depth -= 1
    return deepest


def _guarded(name: str, parse: Callable[[], Any]) -> Any:
    try:
        return parse()
    except json.JSONDecodeError as error:
        raise DamagedFileError(
            f"{name} is not whole JSON: line {error.lineno}, column {error.colno} "
            f"({error.msg.lower()}); get the file again."
        ) from None
    except _RepeatedKeyError as error:
        raise DamagedFileError(f"{name} has {error} twice in one object; save it again.") from None
    except ValueError:  # of int, which takes a few thousand digits
        raise DamagedFileError(f"{name} holds a number of too many digits; save it again.") from None


class _RepeatedKeyError(Exception):
    """An object has this key twice, so that nobody can tell which value is meant."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise _RepeatedKeyError(repr(twice[:40]))
    return entries


_DECODER = json.JSONDecoder(object_pairs_hook=_unique)


def _whole(text: str) -> Any:
    value, end = _DECODER.raw_decode(text, _skip(text, 0))
    _check_end(text, end)
    return value


def _object(text: str, key: str, take: Callable[[Any], None]) -> dict[str, Any]:
    """The members of the object that is ``text``, one after another."""
    at = _expect(text, _skip(text, 0), "{")
    pairs: list[tuple[str, Any]] = []
    handed_out = False
    while text[at : at + 1] != "}":
        if pairs or handed_out:
            at = _expect(text, at, ",")
        name, at = _DECODER.raw_decode(text, at)
        if not isinstance(name, str):
            raise json.JSONDecodeError("Expecting property name", text, at)
        at = _expect(text, _skip(text, at), ":")
        if name == key and text[at : at + 1] == "[":
            if handed_out:
                raise _RepeatedKeyError(repr(key))
            handed_out = True
            at = _items(text, at, take)
        else:
            value, at = _DECODER.raw_decode(text, at)
            pairs.append((name, value))
        at = _skip(text, at)
    _check_end(text, at + 1)
    return _unique(pairs)


def _items(text: str, at: int, take: Callable[[Any], None]) -> int:
    """Hand out the items of the list at ``at``; where it ends."""
    at = _skip(text, at + 1)
    first = True
    while text[at : at + 1] != "]":
        if not first:
            at = _expect(text, at, ",")
        item, at = _DECODER.raw_decode(text, at)
        take(item)
        first = False
        at = _skip(text, at)
    return at + 1


def _skip(text: str, at: int) -> int:
    """The next character that is no white space."""
    match = _WHITE_SPACE.match(text, at)
    return match.end() if match else at


def _expect(text: str, at: int, sign: str) -> int:
    """Past the ``sign`` at ``at`` and the white space after it."""
    if text[at : at + 1] != sign:
        raise json.JSONDecodeError(f"Expecting '{sign}'", text, at)
    return _skip(text, at + 1)


def _check_end(text: str, at: int) -> None:
    at = _skip(text, at)
    if at != len(text):
        raise json.JSONDecodeError("Extra data", text, at)
