"""Turning a file's entries into the arrays of a head model, or saying which of them is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.flame.model import JOINT_NAMES, PARENTS, FloatArray, IndexArray
from studio.storage.errors import StudioError, UnfitFileError

JOINTS = len(JOINT_NAMES)
POSE_FEATURES = 9 * (JOINTS - 1)
MOST_VERTICES = 1_000_000

PUBLISHED_COLUMNS = 400
PUBLISHED_EXPRESSIONS = 100
PUBLISHED_SHAPES = 300
SMALL_SHAPES = 10

UNSIGNED_ROOT = 2**32 - 1  # "no parent" as written by unsigned tables
WEIGHT_TOLERANCE = 1e-2


Shape = tuple[int | None, ...]  # None stands for any length


@dataclass(frozen=True, eq=False)
class ModelArrays:
    """The checked arrays of one model, in the layout of ``HeadModel``."""

    v_template: FloatArray
    faces: IndexArray
    shapedirs: FloatArray
    expressiondirs: FloatArray
    posedirs: FloatArray
    j_regressor: FloatArray
    lbs_weights: FloatArray


class _Checker:
    """Takes entries of one file out as arrays; every complaint names the file and the key."""

    def __init__(self, entries: Mapping[str, Any], name: str) -> None:
        self.entries = entries
        self.name = name

    def wrong(self, key: str, what: str, remedy: str = "get the file again") -> UnfitFileError:
        return UnfitFileError(f"{self.name} is not a usable head model: {key} {what}; {remedy}.")

    def array(self, key: str, kinds: str = "iuf") -> NDArray[Any]:
        """The entry as an array of numbers."""
        if key not in self.entries:
            raise self.wrong(key, "is missing")
        value = self.entries[key]
        if not isinstance(value, np.ndarray) or value.dtype.kind not in kinds:
            kind = str(value.dtype) if isinstance(value, np.ndarray) else type(value).__name__
            raise self.wrong(key, f"is {kind} where an array of numbers is needed")
        return value

    def floats(self, key: str, shape: Shape) -> FloatArray:
        """The entry as finite float32 of ``shape``, where None stands for any length."""
        value = self.shaped(key, shape)
        with np.errstate(over="ignore"):
            converted = np.ascontiguousarray(value, np.float32)
        if not np.isfinite(converted).all():
            first = tuple(int(i) for i in np.argwhere(~np.isfinite(converted))[0])
            raise self.wrong(key, f"holds NaN or infinity at {first}")
        return _frozen(converted)

    def shaped(self, key: str, shape: Shape) -> NDArray[Any]:
        """The entry as an array of ``shape``."""
        value = self.array(key)
        if _fits(value.shape, shape):
            return value
        wanted = ", ".join("any" if length is None else str(length) for length in shape)
        what = f"has shape {value.shape} where ({wanted}) is needed"
        order = _axes_mixed_up(value.shape, shape)
        if order is not None:
            told = ", ".join(str(axis) for axis in order)
            raise self.wrong(key, f"{what} and looks transposed", f"save it with its axes as ({told})")
        if _is_flattened(value.shape, shape):
            raise self.wrong(key, f"{what} and looks flattened", "save it in its own shape")
        raise self.wrong(key, what)

    def integers(self, key: str, shape: Shape) -> NDArray[np.int64]:
        """The entry as integers of ``shape``; whole numbers kept as floats are taken too."""
        value = self.shaped(key, shape)
        if value.dtype.kind == "f" and not ((np.abs(value) < 2**53) & (value == np.rint(value))).all():
            raise self.wrong(key, "holds numbers that are not whole")
        return value.astype(np.int64)


def _fits(found: tuple[int, ...], wanted: Shape) -> bool:
    return len(found) == len(wanted) and all(w in (None, f) for f, w in zip(found, wanted, strict=True))


def _axes_mixed_up(found: tuple[int, ...], wanted: Shape) -> tuple[int, ...] | None:
    """The order of axes in which ``found`` would be ``wanted``."""
    if len(found) != len(wanted):
        return None
    orders = permutations(range(len(found)))
    return next((order for order in orders if _fits(tuple(found[axis] for axis in order), wanted)), None)


def _is_flattened(found: tuple[int, ...], wanted: Shape) -> bool:
    """Whether a basis (V, 3, K) has become a table of 3V rows or columns, as peers keep it in memory."""
    return len(wanted) == 3 and len(found) == 2 and 3 * (wanted[0] or 0) in found


def _frozen(array: Any) -> Any:
    array.setflags(write=False)
    return array


def check_model(entries: Mapping[str, Any], name: str) -> ModelArrays:
    """The arrays of a model from its ``entries`` by FLAME's key names; ``name`` is for messages.

    Raises:
        UnfitFileError: a key is missing or has a wrong type, shape or number in it.

    """
    check = _Checker(entries, name)
    template = _template(check)
    count = len(template)
    _joints(check)
    shape, expression = _bases(check, count)
    return ModelArrays(
        v_template=template,
        faces=_faces(check, count),
        shapedirs=shape,
        expressiondirs=expression,
        posedirs=_pose_basis(check, count),
        j_regressor=_regressor(check, count),
        lbs_weights=_weights(check, count),
    )


def model_problems(entries: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A sentence for each key in which :func:`check_model` finds something wrong; none for a good model.

    Without a usable template the other arrays have nothing to be measured by, and it alone is told.
    """
    check = _Checker(entries, name)
    try:
        count = len(_template(check))
    except StudioError as error:
        return (str(error),)
    parts: tuple[Callable[[_Checker, int], object], ...] = (
        lambda check, _: _joints(check),
        _bases,
        _faces,
        _pose_basis,
        _regressor,
        _weights,
    )
    problems = []
    for part in parts:
        try:
            part(check, count)
        except StudioError as error:
            problems.append(str(error))
    return tuple(problems)


def _template(check: _Checker) -> FloatArray:
    template = check.floats("v_template", (None, 3))
    count = len(template)
    if not 0 < count <= MOST_VERTICES:
        raise check.wrong("v_template", f"has {count} vertices where 1 to {MOST_VERTICES} are needed")
    return template


def _joints(check: _Checker) -> None:
    """FLAME's joint tree; row 0 of the table is all that is used, and some files hold no more."""
    table = check.array("kintree_table")
    table = check.integers("kintree_table", (1 if len(table.shape) == 2 and len(table) == 1 else 2, JOINTS))
    has_root = table[0, 0] < 0 or table[0, 0] >= UNSIGNED_ROOT
    if tuple(table[0, 1:]) != PARENTS[1:] or not has_root:
        raise check.wrong(
            "kintree_table", f"has parents {table[0].tolist()} where {list(PARENTS)} are needed"
        )


def _faces(check: _Checker, count: int) -> IndexArray:
    faces = check.integers("f", (None, 3))
    if not len(faces):
        raise check.wrong("f", "has shape (0, 3), without a single face")
    if faces.min() < 0 or faces.max() >= count:
        worst = faces.min() if faces.min() < 0 else faces.max()
        raise check.wrong("f", f"refers to vertex {worst}, but there are {count} vertices")
    array: IndexArray = _frozen(np.ascontiguousarray(faces, np.int32))
    return array


def _pose_basis(check: _Checker, count: int) -> FloatArray:
    return check.floats("posedirs", (count, 3, POSE_FEATURES))


def _regressor(check: _Checker, count: int) -> FloatArray:
    return check.floats("J_regressor", (JOINTS, count))


def _weights(check: _Checker, count: int) -> FloatArray:
    weights = check.floats("weights", (count, JOINTS))
    sums = weights.sum(axis=1)
    worst = int(np.argmax(np.abs(sums - 1.0)))
    if abs(sums[worst] - 1.0) > WEIGHT_TOLERANCE:
        raise check.wrong("weights", f"add up to {sums[worst]:.3g} at vertex {worst} where 1 is needed")
    return weights


def _bases(check: _Checker, count: int) -> tuple[FloatArray, FloatArray]:
    """Identity and expression bases, (V, 3, S) and (V, 3, E)."""
    if "expressiondirs" in check.entries:
        return check.floats("shapedirs", (count, 3, None)), check.floats("expressiondirs", (count, 3, None))
    both = check.floats("shapedirs", (count, 3, None))
    expressions = _declared_expressions(check, both.shape[2])
    start = both.shape[2] - expressions if expressions is not None else expression_start(both.shape[2])
    parts = [np.ascontiguousarray(part) for part in (both[:, :, :start], both[:, :, start:])]
    return _frozen(parts[0]), _frozen(parts[1])


def _declared_expressions(check: _Checker, columns: int) -> int | None:
    """The number of expressions that the file itself states, if it does."""
    metadata = check.entries.get("supr_expression_metadata")
    if not isinstance(metadata, dict):
        return None
    stated = metadata.get("n_expr", metadata.get(b"n_expr"))
    if stated is None:
        return None
    value = np.asarray(stated)
    if value.size != 1 or value.dtype.kind not in "iu" or not 0 <= int(value.item()) <= columns:
        raise check.wrong(
            "supr_expression_metadata", f"states an n_expr that {columns} shapedirs do not have"
        )
    return int(value.item())


def is_split_assumed(entries: Mapping[str, Any]) -> bool:
    """Whether only the rule for small bases says where a checked model's expressions begin."""
    if "expressiondirs" in entries or "supr_expression_metadata" in entries:
        return False
    columns = entries["shapedirs"].shape[2]
    return SMALL_SHAPES < columns < PUBLISHED_COLUMNS and columns not in (2 * SMALL_SHAPES, PUBLISHED_SHAPES)


def expression_start(columns: int) -> int:
    """The first expression column of a basis that does not say where its expressions start.

    400 or more columns: the last 100, as published. Exactly 300: there are only identities.
    Fewer: the small bases of ten identities followed by expressions, so column 10 (or the end).
    """
    if columns >= PUBLISHED_COLUMNS:
        return columns - PUBLISHED_EXPRESSIONS
    if columns == PUBLISHED_SHAPES:
        return columns
    return min(SMALL_SHAPES, columns)
