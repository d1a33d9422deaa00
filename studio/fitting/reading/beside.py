"""The landmarks and masks of a photo where people and published scripts put them: near it, by its name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from studio.fitting.reading.landmark_files import read_faces
from studio.fitting.reading.landmark_layouts import COUNTS
from studio.storage.errors import StudioError

_LANDMARK_FOLDERS = ("landmarks", "keypoints", "predictions", "lmks", "landmark2d")
_LANDMARK_NAMES = ("{}", "{}_landmarks", "{}_lmks", "{}_lmk", "{}_keypoints", "{}_kpt2d")
_LANDMARK_ENDINGS = (".json", ".npy", ".pts", ".txt", ".npz", ".mat")
_MASK_FOLDERS = ("masks", "mask", "seg", "segmentation", "parsing", "skin")
_MASK_NAMES = ("{}_mask", "{}_seg", "{}_parsing", "{}_skin")
_MASK_ENDINGS = (".png", ".npy", ".jpg", ".npz", ".webp", ".tif", ".bmp")


def landmarks_beside(photo: Path) -> Path | None:
    """The file of landmarks that belongs to ``photo``; None without one.

    In folders for landmarks, beside the photo or above it, any file of its name counts; right beside it, one
    that does hold points of a face, for results of fits lie there too.
    """
    for folder in _folders(photo, _LANDMARK_FOLDERS):
        for path in _named(folder, photo.stem, _LANDMARK_NAMES, _LANDMARK_ENDINGS):
            return path
    for path in _named(photo.parent, photo.stem, _LANDMARK_NAMES, _LANDMARK_ENDINGS):
        if _holds_face(path):
            return path
    return None


def mask_beside(photo: Path) -> Path | None:
    """The mask that belongs to ``photo``; None without one. ``FFHQ_seg/1.npy`` is that of ``FFHQ/1.png``."""
    for path in _named(photo.parent, photo.stem, _MASK_NAMES, _MASK_ENDINGS):
        return path
    home = photo.resolve().parent
    folders = [*_folders(photo, _MASK_FOLDERS), home.parent / f"{home.name}_seg"]
    for folder in folders:
        for path in _named(folder, photo.stem, ("{}", *_MASK_NAMES), _MASK_ENDINGS):
            return path
    return None


def belongs_to_another(path: Path) -> bool:
    """Whether a picture is the mask of another one beside it, by its name."""
    for pattern in (*_MASK_NAMES, "{}_overlay"):
        ending = pattern.removeprefix("{}")
        if path.stem.endswith(ending):
            stem = path.stem.removesuffix(ending)
            return any(other.stem == stem for other in path.parent.glob(f"{_literal(stem)}.*"))
    return False


def _folders(photo: Path, names: tuple[str, ...]) -> Iterator[Path]:
    for above in (photo.parent, photo.resolve().parent.parent):
        yield from (above / name for name in names)


def _named(folder: Path, stem: str, names: tuple[str, ...], endings: tuple[str, ...]) -> Iterator[Path]:
    try:
        there = folder.is_dir()
    except OSError:
        return
    if there:
        paths = (folder / (name.format(stem) + ending) for name in names for ending in endings)
        yield from (path for path in paths if path.is_file())


def _holds_face(path: Path) -> bool:
    try:
        return len(read_faces(path)[0].points) in COUNTS
    except StudioError:
        return False


def _literal(name: str) -> str:
    """``name`` for a pattern of files in which no sign stands for others."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)
