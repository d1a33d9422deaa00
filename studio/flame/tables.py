"""The entries of a model file by FLAME's own key names, whatever container they come in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from studio.flame.notes import NAMES, notes_among, read_notes
from studio.storage.arrays import read_npy, read_npz
from studio.storage.errors import UnfitFileError
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
LONGEST_TEXT = 60


@dataclass(frozen=True, eq=False)
class Tables:
    """What a model file holds: entries by FLAME's key names, its free text notes, and its contents.

    ``contents`` tells type and shape of each entry, under the name it has in the file.
    """

    source: Path
    entries: dict[str, Any]
    notes: dict[str, str] = field(default_factory=dict)
    contents: dict[str, str] = field(default_factory=dict)


def read_tables(path: Path) -> Tables:
    """Read a model file: pickle, npz, safetensors, or a folder of npy files.

    Raises:
        StudioError: it is missing, unsafe, damaged, or not a head model.

    """
    tables = _tables(path, *_read(path, sniff(path)))
    if not is_model(tables.entries):
        raise UnfitFileError(
            f"{path.name} is not a head model: it lacks {_missing(tables.entries)}; "
            "choose a FLAME model (.pkl, .npz, .safetensors or a folder of .npy)."
        )
    return tables


def _tables(path: Path, found: Mapping[Any, Any], notes: dict[str, str]) -> Tables:
    entries = renamed(found)
    notes = {**notes_among(entries), **notes}
    arrays = {key: value for key, value in entries.items() if key not in NAMES}
    contents = {_key(key): _told(value) for key, value in found.items() if _key(key) not in NAMES}
    return Tables(path, arrays, notes, contents)


def _told(value: Any) -> str:
    """What an entry is, in a few words: "float64 [5023, 3]"."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {list(value.shape)}"
    if isinstance(value, (str, bytes)):
        return repr(value[:LONGEST_TEXT])
    if isinstance(value, dict):
        return f"{len(value)} entries: {', '.join(map(repr, value))}"[:LONGEST_TEXT]
    return (
        f"{type(value).__name__} {len(value)}" if isinstance(value, (list, tuple)) else type(value).__name__
    )


def _read(path: Path, kind: FileKind) -> tuple[Mapping[Any, Any], dict[str, str]]:
    """The entries of a file as they are called there, and notes it keeps apart from them."""
    match kind.container:
        case "folder":
            return _read_folder(path), read_notes(path)
        case "pickle":
            return _entries(read_pickle(path)), {}
        case "npz":
            return read_npz(path), {}
        case "npy":
            return _entries(read_npy(path)), {}
        case "safetensors":
            tensors = read_safetensors(path)
            return tensors.arrays, tensors.metadata
    raise UnfitFileError(
        f"{path.name} is not a head model but {kind.title}; "
        "choose a FLAME model (.pkl, .npz, .safetensors or a folder of .npy)."
    )


def is_model(entries: Mapping[str, Any]) -> bool:
    """Whether entries are those of a head model rather than of landmarks, masks or textures."""
    return entries.keys() >= MODEL_MEMBERS


def _missing(entries: Mapping[str, Any]) -> str:
    return ", ".join(sorted(MODEL_MEMBERS - entries.keys()))


def _entries(value: Any) -> Mapping[Any, Any]:
    return value if isinstance(value, dict) else {}


def renamed(entries: Mapping[Any, Any]) -> dict[str, Any]:
    """Text keys, with the names of the Rust implementation's files put into FLAME's."""
    renamed: dict[str, Any] = {}
    for key, value in entries.items():
        text = _key(key)
        renamed[OXIGAF_NAMES.get(text, text)] = value
    return renamed


def _key(key: Any) -> str:
    return key.decode("latin1") if isinstance(key, bytes) else str(key)


def folder_files(folder: Path) -> list[Path]:
    """The npy files of a model folder, in a fixed order."""
    paths = [folder / f"{name}.npy" for name in FOLDER_NAMES]
    return [path for path in paths if path.is_file()]


def is_model_folder(folder: Path) -> bool:
    """Whether a folder holds a model as separate npy files."""
    return all((folder / f"{name}.npy").is_file() for name in MODEL_MEMBERS)


def _read_folder(folder: Path) -> dict[str, Any]:
    if not is_model_folder(folder):
        raise UnfitFileError(
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
