"""The entries of a model file by FLAME's own key names, whatever container they come in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from studio.storage.arrays import read_npy, read_npz
from studio.storage.errors import StudioError
from studio.storage.kind import MODEL_MEMBERS, FileKind, sniff
from studio.storage.paths import cannot_read
from studio.storage.restricted_pickle import read_pickle
from studio.storage.safetensors import read_safetensors

OXIGAF_NAMES = {"faces": "f", "j_regressor": "J_regressor", "lbs_weights": "weights"}
FOLDER_NAMES = (
    "v_template",
    "faces",
    "shapedirs",
    "expressiondirs",
    "posedirs",
    "j_regressor",
    "kintree_table",
    "lbs_weights",
)
CHUNK = 1 << 20


@dataclass(frozen=True, eq=False)
class Tables:
    """What a model file holds: entries by FLAME's key names, and its free text notes."""

    source: Path
    entries: dict[str, Any]
    notes: dict[str, str] = field(default_factory=dict)


def read_tables(path: Path) -> Tables:
    """Read a model file: pickle, npz, safetensors, or a folder of npy files.

    Raises:
        StudioError: it is missing, unsafe, damaged, or not a head model.

    """
    kind = sniff(path)
    tables = _read(path, kind)
    if not is_model(tables.entries):
        raise StudioError(
            f"{path.name} is not a head model: it lacks {_missing(tables.entries)}; "
            "choose a FLAME model (.pkl, .npz, .safetensors or a folder of .npy)."
        )
    return tables


def _read(path: Path, kind: FileKind) -> Tables:
    match kind.container:
        case "folder":
            return Tables(path, renamed(_read_folder(path)))
        case "pickle":
            return Tables(path, _entries(read_pickle(path)))
        case "npz":
            return Tables(path, renamed(read_npz(path)))
        case "npy":
            return Tables(path, _entries(read_npy(path)))
        case "safetensors":
            tensors = read_safetensors(path)
            return Tables(path, renamed(tensors.arrays), tensors.metadata)
    raise StudioError(
        f"{path.name} is not a head model but {kind.title}; "
        "choose a FLAME model (.pkl, .npz, .safetensors or a folder of .npy)."
    )


def is_model(entries: Mapping[str, Any]) -> bool:
    """Whether entries are those of a head model rather than of landmarks, masks or textures."""
    return entries.keys() >= MODEL_MEMBERS


def _missing(entries: Mapping[str, Any]) -> str:
    return ", ".join(sorted(MODEL_MEMBERS - entries.keys()))


def _entries(value: Any) -> dict[str, Any]:
    return renamed(value) if isinstance(value, dict) else {}


def renamed(entries: Mapping[Any, Any]) -> dict[str, Any]:
    """Text keys, with the names of the Rust implementation's files put into FLAME's."""
    renamed: dict[str, Any] = {}
    for key, value in entries.items():
        text = key.decode("latin1") if isinstance(key, bytes) else str(key)
        renamed[OXIGAF_NAMES.get(text, text)] = value
    return renamed


def folder_files(folder: Path) -> list[Path]:
    """The npy files of a model folder, in a fixed order."""
    paths = [folder / f"{name}.npy" for name in FOLDER_NAMES]
    return [path for path in paths if path.is_file()]


def is_model_folder(folder: Path) -> bool:
    """Whether a folder holds a model as separate npy files."""
    return all((folder / f"{name}.npy").is_file() for name in MODEL_MEMBERS)


def _read_folder(folder: Path) -> dict[str, Any]:
    if not is_model_folder(folder):
        raise StudioError(
            f"{folder.name or folder} is a folder without a head model; "
            f"it needs {', '.join(f'{name}.npy' for name in FOLDER_NAMES)}."
        )
    return {path.stem: read_npy(path) for path in folder_files(folder)}


def digest_of(path: Path) -> str:
    """SHA-256 in hex of a file, or of a model folder's npy files with their names, in order.

    Raises:
        StudioError: it cannot be read.

    """
    if not path.is_dir():
        return _digest([path], named=False)
    return _digest(folder_files(path), named=True)


def _digest(paths: Iterable[Path], named: bool) -> str:
    total = hashlib.sha256()
    for path in paths:
        if named:
            total.update(path.name.encode())
        try:
            with path.open("rb") as stream:
                while chunk := stream.read(CHUNK):
                    total.update(chunk)
        except OSError as error:
            raise cannot_read(path, error) from None
    return total.hexdigest()
