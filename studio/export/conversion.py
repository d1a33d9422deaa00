"""A head model from one layout to another: pickle, npz, safetensors, or a folder of npy files."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from studio.export.target import check_no_input, check_place, check_target
from studio.flame.model import HeadModel
from studio.flame.notes import notes_of
from studio.flame.open_head import is_open_head, load_open_head
from studio.flame.reading import build_model, model_at
from studio.flame.tables import Tables, digest_of, read_tables
from studio.flame.writing import ModelKind, write_model
from studio.jobs.job import Cancelled, Progress, Report, check
from studio.storage.atomic import cannot_write
from studio.storage.errors import StudioError

ARRAYS = {
    "v_template": "v_template",
    "posedirs": "posedirs",
    "J_regressor": "j_regressor",
    "weights": "lbs_weights",
    "expressiondirs": "expressiondirs",
}
CARRIED = frozenset((*ARRAYS, "shapedirs", "f", "kintree_table", "supr_expression_metadata"))
DERIVED = frozenset(("J", "bs_style", "bs_type"))  # written anew into pickles, without use elsewhere
STEPS = 3


@dataclass(frozen=True)
class Conversion:
    """What came of a conversion: the path written, the model's labels, sentences on what changed."""

    path: Path
    kind: ModelKind
    name: str
    version: str
    licence: str
    rounded_by: float  # metres or weight; 0: every number is as it was
    left_out: tuple[str, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class ConvertJob:
    """Save the head model at ``source`` as ``kind`` at ``path``.

    The arrays keep their bits; float64 is rounded once, to the nearest float32, which is what the
    studio computes with. ``replace`` lets a file of that name go that is no head model; a folder with
    something in it is never replaced.
    """

    source: Path
    path: Path
    kind: ModelKind
    replace: bool = False
    name: str = "Conversion"

    def run(self, progress: Report, cancelled: Cancelled) -> Conversion:
        """Do it.

        Raises:
            JobCancelled: it was asked to stop; nothing is written.
            StudioError: the source is no usable head model, or the target cannot be written or would
                replace something.

        """
        source = model_at(self.source)
        self._check_target(source)
        progress(Progress(0, STEPS, "Reading the head model"))
        model, tables = _read(source)
        check(cancelled)
        progress(Progress(1, STEPS, "Checking its numbers"))
        rounded = _rounding(tables, model) if tables else 0.0
        left_out = _left_out(tables) if tables else _parts_of(model)
        check(cancelled)
        progress(Progress(2, STEPS, "Writing the head model"))
        notes = notes_of(model, tables.notes if tables else {})
        write_model(model, self.path, self.kind, notes, partial(check, cancelled))
        progress(Progress(STEPS, STEPS, "Head model saved"))
        return Conversion(
            path=self.path,
            kind=self.kind,
            name=model.name,
            version=model.version,
            licence=model.licence,
            rounded_by=rounded,
            left_out=left_out,
            notices=_notices(source.name, self.path.name, rounded, left_out),
        )

    def _check_target(self, source: Path) -> None:
        """Make sure, before anything is read, that nothing is lost by writing."""
        check_place(self.path)
        if self.path.is_file():
            check_no_input(self.path, [source])
        if self.kind == "folder":
            if self.path.exists() and not (self.path.is_dir() and not any(self.path.iterdir())):
                raise cannot_write(self.path, OSError(errno.EEXIST, ""))
            return
        if self.path.is_dir():
            raise cannot_write(self.path, OSError(errno.EISDIR, ""))
        check_target(self.path)
        if self.path.exists() and not self.replace:
            raise StudioError(f"{self.path.name} is there already and would be lost; choose another name.")


def _read(source: Path) -> tuple[HeadModel, Tables | None]:
    """The model, and what its file holds; None for the open head, whose file has a layout of its own."""
    if is_open_head(source):
        return load_open_head(), None
    tables = read_tables(source)
    return build_model(tables, digest_of(source)), tables


def _rounding(tables: Tables, model: HeadModel) -> float:
    """The most that a number of the file changed when it became float32."""
    found: Mapping[str, Any] = tables.entries
    worst = max(_change(found[key], getattr(model, name)) for key, name in ARRAYS.items() if key in found)
    bases = [model.shapedirs] if "expressiondirs" in found else [model.shapedirs, model.expressiondirs]
    start = 0
    for basis in bases:
        end = start + basis.shape[2]
        worst = max(worst, _change(found["shapedirs"][:, :, start:end], basis))
        start = end
    return worst


def _change(before: np.ndarray, after: np.ndarray) -> float:
    if before.dtype.kind == "f" and before.dtype.itemsize <= after.dtype.itemsize:
        return 0.0
    return float(np.abs(before - after).max(initial=0.0))


def _left_out(tables: Tables) -> tuple[str, ...]:
    """Entries of the file that no layout of a head model has a place for."""
    return tuple(sorted(tables.entries.keys() - CARRIED - DERIVED))


def _parts_of(model: HeadModel) -> tuple[str, ...]:
    """What the open head has beyond the arrays of a model."""
    parts = {
        "landmarks": model.landmarks,
        "texture coordinates": model.uv,
        "texture": model.albedo,
        "regions": model.regions,
        "names of expressions": model.expression_names,
        "ranges of components": len(model.shape_ranges),
        "poses that expressions need": model.correctives,
        "eyelids": model.eyelids,
    }
    return tuple(name for name, part in parts.items() if part is not None and not _is_empty(part))


def _is_empty(part: Any) -> bool:
    return not isinstance(part, np.ndarray) and part in ((), {}, 0)


def _notices(source: str, target: str, rounded: float, left_out: tuple[str, ...]) -> tuple[str, ...]:
    notices = []
    if rounded:
        notices.append(
            f"{source} holds numbers finer than float32; in {target} they are rounded to float32, once, "
            f"by at most {rounded:.1e}."
        )
    if left_out:
        listed = ", ".join(left_out)
        notices.append(f"{target} has no place for what else is in {source} and leaves it out: {listed}.")
    return tuple(notices)
