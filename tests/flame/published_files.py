"""Self-made head models in every layout that models are published in: no licensed data is needed."""

from __future__ import annotations

import pickle
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
from safetensors.numpy import save_file

VERTICES = 40
FACES = 70

Entries = dict[str, Any]


def entries(columns: int = 400) -> Entries:
    """The entries of a model file by FLAME's key names, as a published pickle has them."""
    random = np.random.default_rng(5)
    regressor = np.where(random.random((5, VERTICES)) < 0.3, random.random((5, VERTICES)), 0.0)
    regressor[:, 0] += 0.1
    return {
        "v_template": random.normal(0, 0.1, (VERTICES, 3)),
        "f": random.integers(0, VERTICES, (FACES, 3)).astype(np.uint32),
        "shapedirs": random.normal(0, 0.01, (VERTICES, 3, columns)),
        "posedirs": random.normal(0, 0.01, (VERTICES, 3, 36)),
        "J_regressor": regressor / regressor.sum(axis=1, keepdims=True),
        "J": np.zeros((5, 3)),
        "kintree_table": np.array([[2**32 - 1, 0, 1, 1, 1], [0, 1, 2, 3, 4]], np.uint32),
        "weights": random.dirichlet(np.ones(5), VERTICES),
        "bs_style": "lbs",
        "bs_type": "lrotmin",
    }


def split(whole: Entries, shapes: int = 300) -> dict[str, np.ndarray]:
    """The names and types of the Rust implementation's files."""
    return {
        "v_template": np.float32(whole["v_template"]),
        "faces": whole["f"].astype(np.int32),
        "shapedirs": np.float32(whole["shapedirs"][:, :, :shapes]),
        "expressiondirs": np.float32(whole["shapedirs"][:, :, shapes:]),
        "posedirs": np.float32(whole["posedirs"]),
        "j_regressor": np.float32(whole["J_regressor"]),
        "kintree_table": np.array([[-1, 0, 1, 1, 1], [0, 1, 2, 3, 4]], np.int32),
        "lbs_weights": np.float32(whole["weights"]),
    }


def _pickled(folder: Path, whole: Entries) -> Path:
    path = folder / "generic_model.pkl"
    path.write_bytes(pickle.dumps(whole, 2))
    return path


def _old_pickle(folder: Path) -> Path:
    """Bases in chumpy's class and the regressor in SciPy's, as the releases up to 2023 have them."""
    chumpy = types.ModuleType("chumpy.ch")
    chumpy.Ch = type("Ch", (), {"__module__": "chumpy.ch"})  # type: ignore[attr-defined]
    sys.modules.update({"chumpy": types.ModuleType("chumpy"), "chumpy.ch": chumpy})
    try:
        whole = entries()
        whole["J_regressor"] = scipy.sparse.csc_matrix(whole["J_regressor"])
        for name in ("shapedirs", "J"):
            wrapped = chumpy.Ch()
            wrapped.x = whole[name]
            whole[name] = wrapped
        return _pickled(folder, whole)
    finally:
        del sys.modules["chumpy"], sys.modules["chumpy.ch"]


def _open_release(folder: Path) -> Path:
    metadata = {"expr_source": "x", "supr_gender": "neutral", "expr_components": "last_100", "n_expr": 100}
    return _pickled(folder, entries() | {"supr_expression_metadata": metadata})


def _small(folder: Path) -> Path:
    return _pickled(folder, entries(20))


def _declared(folder: Path) -> Path:
    return _pickled(folder, entries(150) | {"supr_expression_metadata": {"n_expr": 50}})


def _identities_only(folder: Path) -> Path:
    return _pickled(folder, entries(300))


def _backwards(folder: Path) -> Path:
    """Big-endian numbers in Fortran's order."""
    whole = entries()
    for name in ("v_template", "shapedirs", "posedirs", "weights"):
        whole[name] = np.asfortranarray(whole[name].astype(">f8"))
    return _pickled(folder, whole)


def _npz(folder: Path) -> Path:
    whole = entries()
    np.savez(folder / "model.npz", **(whole | {"extra": np.zeros(3)}))
    return folder / "model.npz"


def _oxigaf_npz(folder: Path) -> Path:
    np.savez(folder / "split.npz", **split(entries()))  # type: ignore[arg-type]
    return folder / "split.npz"


def _safetensors(folder: Path) -> Path:
    tensors = split(entries())
    tensors["kintree_table"] = tensors["kintree_table"][:1].copy()
    path = folder / "model.safetensors"
    save_file(tensors, path, {"format": "FLAME", "version": "1.0", "converted_from": "flame2020.pkl"})
    return path


def _folder(folder: Path) -> Path:
    path = folder / "arrays"
    path.mkdir()
    for name, values in split(entries()).items():
        np.save(path / name, values)
    return path


PUBLISHED: dict[str, Callable[[Path], Path]] = {
    "chumpy and scipy": _old_pickle,
    "2023 Open": _open_release,
    "10+10": _small,
    "declared": _declared,
    "identities only": _identities_only,
    "big-endian Fortran": _backwards,
    "npz": _npz,
    "oxigaf npz": _oxigaf_npz,
    "safetensors": _safetensors,
    "folder": _folder,
}
