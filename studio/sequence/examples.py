"""The example clips that are shipped; ``tools/bake_clips.py`` makes them."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).with_name("data")

TITLES = {
    "look_around": "Look around",
    "speak": "Speak",
    "blink": "Blink",
    "smile": "Smile",
    "tracked": "Tracked, with jitter",
}


def example_clips() -> list[tuple[str, Path]]:
    """Title and file of each example clip, in the order of the menu."""
    return [(title, FOLDER / f"{name}.npz") for name, title in TITLES.items()]


def example_path(name: str) -> Path | None:
    """The file of the example called ``name`` ("look_around"), or None if there is none."""
    return FOLDER / f"{name}.npz" if name in TITLES else None
