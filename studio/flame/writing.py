"""Writing head models: pickles as published; npz, safetensors and npy folders as oxigaf-flame has them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from studio.flame.model import HeadModel
from studio.flame.notes import NOTES_FILE
from studio.flame.validation import PUBLISHED_EXPRESSIONS, PUBLISHED_SHAPES, UNSIGNED_ROOT
from studio.storage.arrays import write_npz
from studio.storage.atomic import atomic_folder, write_atomically
from studio.storage.errors import StudioError
from studio.storage.pickle_writing import write_pickle

ModelKind = Literal["pickle", "npz", "safetensors", "folder"]
SUFFIXES: dict[str, ModelKind] = {
    ".pkl": "pickle",
    ".npz": "npz",
    ".safetensors": "safetensors",
    "": "folder",
}
Check = Callable[[], None]


def kind_for(target: str) -> ModelKind:
    """The layout that the name ``target`` asks for: by its ending, a folder without one or with a slash.

    Raises:
        StudioError: the ending is another one.

    """
    if target.endswith(("/", "\\")):
        return "folder"
    suffix = Path(target).suffix.lower()
    if suffix not in SUFFIXES:
        raise StudioError(
            f"{Path(target).name}: a head model cannot be saved to {suffix}; end the name in .pkl, .npz or "
            ".safetensors, or in / for a folder of .npy."
        )
    return SUFFIXES[suffix]


def write_model(
    model: HeadModel, path: Path, kind: ModelKind, notes: Mapping[str, str], check: Check
) -> None:
    """Write the arrays of ``model`` to ``path``, whole or not at all.

    What is read back has the same bits. Landmarks, texture coordinates, regions, names, ranges,
    correctives and eyelids have no place in these layouts.

    Args:
        model: what is written.
        path: a file, which is replaced, or for a folder a name that is free or an empty folder.
        kind: the layout.
        notes: free text to go with it, see ``studio.flame.notes``.
        check: called now and then; what it raises stops the writing, with nothing left behind.

    Raises:
        StudioError: it cannot be written.

    """
    if kind == "pickle":
        entries = {**pickle_entries(model), **notes}
        check()
        write_atomically(path, lambda stream: write_pickle(stream, entries))
        return
    arrays = split_arrays(model)
    match kind:
        case "npz":
            write_npz(path, arrays | {name: np.array(text) for name, text in notes.items()}, compress=False)
        case "safetensors":
            _write_safetensors(path, arrays, notes)
        case "folder":
            _write_folder(path, arrays, notes, check)


def split_arrays(model: HeadModel) -> dict[str, NDArray[Any]]:
    """The arrays by oxigaf-flame's names: float32 and int32, bases apart, the root's parent -1."""
    return {
        "v_template": model.v_template,
        "faces": model.faces,
        "shapedirs": model.shapedirs,
        "expressiondirs": model.expressiondirs,
        "posedirs": model.posedirs,
        "j_regressor": model.j_regressor,
        "kintree_table": np.array([model.parents, range(len(model.parents))], np.int32),
        "lbs_weights": model.lbs_weights,
    }


def pickle_entries(model: HeadModel) -> dict[str, Any]:
    """The entries by FLAME's own names, the bases joined, as FLAME_PyTorch and smplx read them.

    Where the bases are not 300 and 100 columns wide, which is what readers take for granted, an entry
    that the 2023 Open release brought says how many are expressions.
    """
    tree = np.array([model.parents, range(len(model.parents))], np.int64)
    entries: dict[str, Any] = {
        "v_template": model.v_template,
        "f": model.faces.astype(np.uint32),
        "shapedirs": np.concatenate([model.shapedirs, model.expressiondirs], axis=2),
        "posedirs": model.posedirs,
        "J_regressor": model.j_regressor,
        "J": model.j_regressor.astype(np.float64) @ model.v_template.astype(np.float64),
        "kintree_table": np.where(tree < 0, UNSIGNED_ROOT, tree).astype(np.uint32),
        "weights": model.lbs_weights,
        "bs_style": "lbs",
        "bs_type": "lrotmin",
    }
    if (model.shape_count, model.expression_count) != (PUBLISHED_SHAPES, PUBLISHED_EXPRESSIONS):
        count = model.expression_count
        entries["supr_expression_metadata"] = {"expr_components": f"last_{count}", "n_expr": count}
    return entries


def _write_safetensors(path: Path, arrays: Mapping[str, NDArray[Any]], notes: Mapping[str, str]) -> None:
    from safetensors.numpy import save

    content = save(dict(arrays), dict(notes))
    write_atomically(path, lambda stream: stream.write(content))


def _write_folder(
    path: Path, arrays: Mapping[str, NDArray[Any]], notes: Mapping[str, str], check: Check
) -> None:
    with atomic_folder(path) as folder:
        for name, values in arrays.items():
            check()
            np.save(folder / f"{name}.npy", values, allow_pickle=False)
        (folder / NOTES_FILE).write_text(json.dumps(notes, indent=2, ensure_ascii=False), encoding="utf-8")
