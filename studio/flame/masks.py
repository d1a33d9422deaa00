"""Region masks from files: lists of vertices by name, and maps over the texture, one for each region."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.flame.model import FloatArray, IndexArray
from studio.flame.teeth import TEETH_VERTICES
from studio.flame.versions import FLAME_VERTICES
from studio.storage.arrays import npz_headers, read_npz
from studio.storage.errors import StudioError
from studio.storage.npy import Header

REGION_NAMES = frozenset(("face", "neck", "scalp", "forehead", "nose", "lips"))
NAMES_NEEDED = 3
EYEBALLS = {"left_eyeball": (3931, 4477), "right_eyeball": (4477, 5023)}  # of FLAME's mesh
FLAME_SIZES = (FLAME_VERTICES, FLAME_VERTICES + TEETH_VERTICES)  # vertices of FLAME's mesh, and with teeth
LARGEST_SIDE = 16_384  # pixels
NAMES_TOLD = 4


@dataclass(frozen=True, eq=False)
class FoundRegions:
    """Sorted vertex ids by region, and sentences on what could not be used."""

    regions: Mapping[str, IndexArray] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def holds_regions(table: Mapping[str, Any]) -> bool:
    """Whether the entries of a file are lists of vertices by region, by their names."""
    return len(REGION_NAMES & table.keys()) >= NAMES_NEEDED


def holds_uv_masks(headers: Mapping[str, Header]) -> bool:
    """Whether the arrays of an npz are maps of regions over the texture, by their types and shapes."""
    maps = [header for header in headers.values() if header.dtype.kind == "b" and len(header.shape) == 2]
    return len(maps) >= NAMES_NEEDED and len(maps) == len(headers)


def gather_regions(
    tables: Iterable[tuple[str, Mapping[str, Any]]],
    maps: Iterable[Path],
    faces: IndexArray,
    vertex_count: int,
    uv: FloatArray | None,
    uv_faces: IndexArray | None,
) -> FoundRegions:
    """The regions of a mesh; lists of vertices win over maps, and the first file of a kind over others.

    Args:
        tables: names and contents of files that hold lists of vertices.
        maps: npz files of maps over the texture.
        faces: (F, 3).
        vertex_count: V.
        uv: (U, 2), v up.
        uv_faces: (F, 3) into uv; without them maps are of no use.

    """
    found: dict[str, IndexArray] = {}
    problems = []
    for name, table in tables:
        regions, problem = listed_regions(table, name, vertex_count)
        found = regions | found
        problems += [problem] if problem else []
    for path in maps:
        regions, problem = _mapped_regions(path, faces, uv, uv_faces)
        found = regions | found
        problems += [problem] if problem else []
    if vertex_count in FLAME_SIZES:
        eyeballs = {name: np.arange(*ends, dtype=np.int32) for name, ends in EYEBALLS.items()}
        found = eyeballs | found
    return FoundRegions(found, tuple(problems))


def listed_regions(
    table: Mapping[str, Any], name: str, vertex_count: int | None
) -> tuple[dict[str, IndexArray], str]:
    """The regions of a file's lists of vertices, and a sentence on those left out, empty where there is none.

    Without a ``vertex_count`` any vertex is taken to exist.
    """
    regions = {}
    foreign, senseless = [], []
    for region, values in table.items():
        ids = _vertex_ids(values, vertex_count)
        if ids is None:
            senseless.append(region)
        elif ids.size and (ids[0] < 0 or ids[-1] >= (vertex_count or np.iinfo(np.int32).max)):
            foreign.append(region)
        elif ids.size:
            regions[region] = ids.astype(np.int32)
    reasons = []
    if foreign:
        of = f"of {vertex_count}" if vertex_count else ""
        reasons.append(f"{_listed(foreign)} with vertices that a head {of} does not have".replace("  ", " "))
    if senseless:
        reasons.append(f"{_listed(senseless)}, holding no vertex numbers")
    if not reasons:
        return regions, ""
    return (
        regions,
        f"{name} has regions that were left out: {'; '.join(reasons)}; use the file made for this model.",
    )


def _listed(names: list[str]) -> str:
    return ", ".join(names[:NAMES_TOLD]) + (", …" if len(names) > NAMES_TOLD else "")


def _vertex_ids(values: Any, vertex_count: int | None) -> NDArray[Any] | None:
    """The sorted distinct vertices of a list of numbers or of a mask (V,); None where it is neither."""
    try:
        array = np.asarray(values)
    except (TypeError, ValueError):
        return None
    if array.dtype.kind == "b" and array.shape == (vertex_count,):
        return np.flatnonzero(array)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        return None
    return np.unique(array)


def _mapped_regions(
    path: Path, faces: IndexArray, uv: FloatArray | None, uv_faces: IndexArray | None
) -> tuple[dict[str, IndexArray], str]:
    """The vertices that lie in each map of ``path``; maps are read one after another, as they are large."""
    if uv is None or uv_faces is None:
        return {}, (
            f"{path.name} masks a texture, but the model has no texture coordinates; "
            "put head_template.obj beside it."
        )
    regions, wrong = {}, []
    try:
        for name, header in npz_headers(path).items():
            usable = header.dtype.kind == "b" and len(header.shape) == 2
            if not usable or not 0 < min(header.shape) <= max(header.shape) <= LARGEST_SIDE:
                wrong.append(name)
                continue
            ids = _under(read_npz(path, (name,))[name], faces, uv, uv_faces)
            if ids.size:
                regions[name] = ids
    except StudioError as error:
        return {}, str(error)
    problem = (
        f"{path.name} has maps that are no masks and were left out: {_listed(wrong)}; get the file again."
    )
    return regions, problem if wrong else ""


def _under(mask: NDArray[np.bool_], faces: IndexArray, uv: FloatArray, uv_faces: IndexArray) -> IndexArray:
    """The vertices with a place in the texture where ``mask`` (H, W), its first row at v = 1, is set."""
    height, width = mask.shape
    columns = np.clip(uv[:, 0] * width, 0, width - 1).astype(np.intp)
    rows = np.clip((1.0 - uv[:, 1]) * height, 0, height - 1).astype(np.intp)
    return np.unique(faces[mask[rows, columns][uv_faces]]).astype(np.int32)
