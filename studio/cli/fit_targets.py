"""What ``fit`` is asked to fit to: files told apart by their content, and folders of photos."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from studio.fitting.reading.beside import belongs_to_another
from studio.storage.errors import StudioError, UnfitFileError
from studio.storage.kind import IMAGES, sniff

Kind = Literal["photo", "landmarks", "scan", "film"]

_SCANS = ("obj", "ply", "glb")
_SCAN_ENDINGS = (".stl", ".xyz")
_LANDMARKS = ("json", "npy", "npz", "text", "pickle")
_LANDMARK_ENDINGS = (".mat", ".pts")
_PHOTO_ENDINGS = frozenset(
    (".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp", ".gif", ".ppm", ".tga")
)


@dataclass(frozen=True)
class Target:
    """One thing to fit to, and what its files are called."""

    path: Path
    kind: Kind
    label: str


def targets_of(paths: Iterable[Path]) -> tuple[Target, ...]:
    """The targets that ``paths`` name, with labels that differ; folders give their photos by name.

    Raises:
        StudioError: there is no such file, a folder has no photo, or a file is nothing to fit to.

    """
    found: list[tuple[Path, Kind]] = []
    for path in paths:
        if path.is_dir():
            found.extend((photo, "photo") for photo in photos_in(path))
        else:
            found.append((path, kind_of(path)))
    labels: dict[str, int] = {}
    targets = []
    for path, kind in found:
        labels[path.stem] = times = labels.get(path.stem, 0) + 1
        targets.append(Target(path, kind, path.stem if times == 1 else f"{path.stem}_{times}"))
    return tuple(targets)


def photos_in(folder: Path) -> tuple[Path, ...]:
    """The photos in ``folder``, by name, without the masks among them.

    Raises:
        StudioError: there is none, or the folder cannot be read.

    """
    try:
        files = sorted(
            path for path in folder.iterdir() if path.suffix.lower() in _PHOTO_ENDINGS and path.is_file()
        )
    except OSError as error:
        raise StudioError(
            f"{folder.name or folder} cannot be read ({error.strerror}); choose another folder."
        ) from None
    photos = tuple(path for path in files if not belongs_to_another(path))
    if not photos:
        raise UnfitFileError(f"{folder.name or folder} holds no photo; choose a folder of photos.")
    return photos


def kind_of(path: Path) -> Kind:
    """What the file at ``path`` is to a fit.

    Raises:
        StudioError: there is no such file, or it is nothing to fit to.

    """
    kind = sniff(path)
    if kind.container in IMAGES or path.suffix.lower() in _PHOTO_ENDINGS:
        return "photo"
    if kind.is_film:
        return "film"
    if kind.container in _SCANS or path.suffix.lower() in _SCAN_ENDINGS:
        return "scan"
    if kind.container in _LANDMARKS or path.suffix.lower() in _LANDMARK_ENDINGS:
        return "landmarks"
    raise UnfitFileError(
        f"{path.name} is {kind.title}, to which no head can be fitted; choose a photo, a folder of photos or "
        "a file of landmarks."
    )
