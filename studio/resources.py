"""Where the files that ship with the studio lie, in a checkout and installed by pip."""

from __future__ import annotations

from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent
CHECKOUT = PACKAGE.parent


@cache
def icon_folder() -> Path:
    """The folder of the studio's SVG icons.

    A checkout has them beside the package, an installed wheel inside it.
    """
    inside = PACKAGE / "icons"
    return inside if inside.is_dir() else CHECKOUT / "icons"


def icon_path(name: str) -> Path:
    """The SVG file of icon ``name`` (``"play"``).

    Raises:
        FileNotFoundError: there is no such icon.

    """
    path = icon_folder() / f"{name}.svg"
    if not path.is_file():
        raise FileNotFoundError(f"There is no icon {name!r} in {path.parent}.")
    return path


def checkout_folder() -> Path | None:
    """The root of the checkout the studio runs from; None when it was installed by pip."""
    return CHECKOUT if (CHECKOUT / "run_studio.py").is_file() else None
