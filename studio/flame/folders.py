"""Where a user's licensed files are looked for."""

from __future__ import annotations

import os
from pathlib import Path

from studio.resources import checkout_folder

VARIABLE = "FLAME_STUDIO_MODELS"
APPLICATION = "flame-studio"


def model_folders(explicit: str | Path | None = None) -> list[Path]:
    """The folders to look in, the most important first; those that do not exist are left out.

    The order is: ``explicit`` (a folder, or the folder of a file), the folders in
    ``$FLAME_STUDIO_MODELS``, ``model/`` of the checkout, the platform's data folder.
    """
    folders: list[Path] = []
    if explicit is not None:
        chosen = Path(explicit)
        folders.append(chosen if chosen.is_dir() else chosen.parent)
    folders += [Path(entry) for entry in os.environ.get(VARIABLE, "").split(os.pathsep) if entry]
    checkout = checkout_folder()
    folders += [checkout / "model"] if checkout else []
    folders.append(user_folder())
    return list(dict.fromkeys(folder.resolve() for folder in folders if folder.is_dir()))


def user_folder() -> Path:
    """The folder for the user's models that the platform proposes; it may not exist yet."""
    from platformdirs import user_data_path

    return user_data_path(APPLICATION, appauthor=False) / "models"
