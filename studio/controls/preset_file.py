"""Presets as files that people share: one JSON object, `.flamepose`.

::

    {"format": "flamepose", "version": 1, "name": "Smile", "tags": ["expression"],
     "parts": ["eyes", "cheeks", "mouth"], "controls": {"mouthSmileLeft": 0.6, "mouthSmileRight": 0.6},
     "exact": {"model": "FLAME 2023", "digest": "…", "shape": […], "expr": […], "jaw_pose": […], …}}

``controls`` are named controls (units 0..1, head turns in radians); ``exact`` may be missing, and so may
``tags``, ``author`` and ``note``, which alone may have several lines. Parts that are named and not in
``controls`` are neutral. Other fields are kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from studio.controls.face_parts import PART_OF, PARTS, in_order, plain_controls
from studio.controls.presets import Exact, Preset
from studio.flame.params import FIELD_WIDTHS, VECTORS, Params
from studio.storage.atomic import write_atomically
from studio.storage.errors import DamagedFileError, UnfitFileError
from studio.storage.json_files import parse_json
from studio.storage.kind import POSE_FORMAT
from studio.storage.paths import file_size, read_bytes

ENDING = ".flamepose"
VERSION = 1
LARGEST_FILE = 4 << 20  # bytes
LONGEST_NAME, LONGEST_TAG, LONGEST_NOTE = 80, 40, 2000  # characters
MOST_TAGS = 32
MOST_CONTROLS = 200
MOST_COMPONENTS = 10_000
LARGEST_VALUE = 10.0  # of a control; whole units are 1, a half turn is 3.1 rad
LARGEST_NUMBER = 1e3  # of a parameter in sigma or in units; more is damage
_KNOWN = ("format", "version", "name", "tags", "author", "note", "parts", "controls", "exact")


def read_preset(path: Path) -> Preset:
    """The preset in the file at ``path``.

    Raises:
        StudioError: it cannot be read, is none, is of a newer version, names what there is not, or holds
            numbers that no face has.

    """
    if file_size(path) > LARGEST_FILE:
        raise UnfitFileError(
            f"{path.name} is larger than {LARGEST_FILE >> 20} MiB, which no pose is; choose another file."
        )
    return parse_preset(read_bytes(path), path.name)


def parse_preset(data: bytes, label: str) -> Preset:
    """The preset that the bytes of a file say; ``label`` is what errors call it.

    Raises:
        StudioError: as :func:`read_preset`.

    """
    content = parse_json(data, label)
    if not isinstance(content, dict) or content.get("format") != POSE_FORMAT:
        raise UnfitFileError(f"{label} is no pose of the studio; choose a {ENDING} file.")
    _check_version(content.get("version"), label)
    parts = _texts(content, "parts", label, len(PARTS), LONGEST_TAG)
    strange = next((part for part in parts if part not in PARTS), None)
    if strange is not None:
        raise UnfitFileError(f"{label} names the part {strange!r}; there are {', '.join(PARTS)}.")
    controls = _controls(content.get("controls", {}), label)
    exact = _exact(content["exact"], label) if content.get("exact") is not None else None
    touched = {PART_OF[name] for name in controls}
    return Preset(
        name=_text(content, "name", label, LONGEST_NAME) or Path(label).stem[:LONGEST_NAME],
        parts=in_order({*parts, *touched}),
        controls=controls,
        tags=tuple(
            dict.fromkeys(tag for tag in _texts(content, "tags", label, MOST_TAGS, LONGEST_TAG) if tag)
        ),
        author=_text(content, "author", label, LONGEST_NAME),
        note=_text(content, "note", label, LONGEST_NOTE),
        exact=exact,
        unknown={name: value for name, value in content.items() if name not in _KNOWN},
    )


def preset_bytes(preset: Preset) -> bytes:
    """``preset`` as the bytes of a file."""
    content: dict[str, Any] = {"format": POSE_FORMAT, "version": VERSION, "name": preset.name}
    content |= {"tags": list(preset.tags)} if preset.tags else {}
    content |= {name: getattr(preset, name) for name in ("author", "note") if getattr(preset, name)}
    content |= {"parts": list(preset.parts), "controls": dict(preset.controls)}
    content |= preset.unknown
    if preset.exact is not None:
        exact = preset.exact
        arrays = {name: _short(getattr(exact.params, name)) for name in VECTORS}
        content["exact"] = {"model": exact.model, "digest": exact.digest, **arrays}
    return (json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def write_preset(path: Path, preset: Preset) -> None:
    """Write ``preset`` to ``path``, whole or not at all.

    Raises:
        StudioError: it cannot be written there.

    """
    data = preset_bytes(preset)
    write_atomically(path, lambda stream: stream.write(data))


def _short(values: np.ndarray) -> list[float]:
    """``values`` float32 as the shortest numbers that are read back as the same ones."""
    return [float(str(value)) for value in values]


def _check_version(version: Any, label: str) -> None:
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise DamagedFileError(f"{label} does not say its version; get the file again.")
    if version > VERSION:
        raise UnfitFileError(
            f"{label} was saved by a newer studio (version {version}, this one reads {VERSION}); "
            "update the studio to use it."
        )


def _text(content: Mapping[str, Any], key: str, label: str, longest: int) -> str:
    return _checked_text(content.get(key, ""), key, label, longest)


def _checked_text(text: Any, key: str, label: str, longest: int) -> str:
    breaks = "\n" if key == "note" else ""
    if (
        not isinstance(text, str)
        or len(text) > longest
        or not all(sign.isprintable() or sign in breaks for sign in text)
    ):
        raise UnfitFileError(
            f"{label} has no text of up to {longest} characters as its {key}; save the pose again."
        )
    return text.strip()


def _texts(content: Mapping[str, Any], key: str, label: str, most: int, longest: int) -> list[str]:
    texts = content.get(key, [])
    if not isinstance(texts, list) or len(texts) > most:
        raise UnfitFileError(f"{label} has no list of up to {most} words as its {key}; save the pose again.")
    return [_checked_text(text, key, label, longest) for text in texts]


def _controls(values: Any, label: str) -> dict[str, float]:
    """Checked values of named controls, as units and head turns."""
    if not isinstance(values, dict) or len(values) > MOST_CONTROLS:
        raise UnfitFileError(f"{label} has no named numbers as its controls; save the pose again.")
    checked = {name: _number(value, name, label, LARGEST_VALUE) for name, value in values.items()}
    plain = plain_controls(checked)
    strange = [name[:40] for name in plain if name not in PART_OF]
    if strange:
        more = ", …" if len(strange) > 1 else ""
        raise UnfitFileError(
            f"{label} sets {strange[0]}{more}, which no head of the studio has; "
            "name controls as in jawOpen or mouthSmileLeft."
        )
    return plain


def _number(value: Any, name: str, label: str, largest: float) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not abs(value) <= largest:
        raise UnfitFileError(
            f"{label} gives {name[:40]} no finite number up to {largest:g}; save the pose again."
        )
    return float(value)


def _exact(content: Any, label: str) -> Exact:
    if not isinstance(content, dict):
        raise UnfitFileError(f"{label} has no parameters in its field exact; save the pose again.")
    arrays = {name: _vector(content.get(name), name, label) for name in VECTORS}
    return Exact(
        model=_text(content, "model", label, LONGEST_NAME) or "another model",
        digest=_text(content, "digest", label, LONGEST_NOTE),
        params=Params(**arrays),
    )


def _vector(values: Any, name: str, label: str) -> np.ndarray:
    width = FIELD_WIDTHS.get(name)
    if values is None and width is not None:
        return np.zeros(width, np.float32)
    fits = isinstance(values, list) and (
        len(values) <= MOST_COMPONENTS if width is None else len(values) == width
    )
    if not fits:
        wanted = f"up to {MOST_COMPONENTS}" if width is None else str(width)
        raise UnfitFileError(f"{label} has no list of {wanted} numbers as its {name}; save the pose again.")
    return np.array([_number(value, name, label, LARGEST_NUMBER) for value in values], np.float32)


def described(path: Path) -> dict[str, Any]:
    """What the preset at ``path`` holds, for people who ask what a file is.

    Raises:
        StudioError: as :func:`read_preset`.

    """
    preset = read_preset(path)
    exact = preset.exact
    return {
        "name": preset.name,
        "tags": list(preset.tags),
        "author": preset.author,
        "note": preset.note,
        "parts": list(preset.parts),
        "controls": dict(preset.controls),
        "made_on": exact.model if exact else "",
        "digest": exact.digest if exact else "",
        "sizes": {"shape": len(exact.params.shape), "expression": len(exact.params.expr)} if exact else {},
    }
