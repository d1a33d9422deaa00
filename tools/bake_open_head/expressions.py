"""The ARKit face units: which become expression components, and which become poses."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .assembly import HeadMesh
from .source import Array, BaseMesh, read_target

JAW_UNIT = "jawOpen"
CLOSE_UNIT = "mouthClose"
GAZE_UNITS = tuple(f"eyeLook{way}{side}" for way in ("Up", "Down", "In", "Out") for side in ("Left", "Right"))


def read_units(folder: Path, base: BaseMesh, mesh: HeadMesh) -> dict[str, Array]:
    """Displacements (V, 3) in metres of all 52 face units, by ARKit name; upper teeth and gums never move."""
    fixed = np.concatenate([mesh.regions["upper_teeth"], mesh.regions["upper_gums"]])
    units = {}
    for path in sorted((folder / "faceunits01/targets/faceunits").glob("*.target")):
        moved = (mesh.operator @ read_target(path, len(base.vertices))) * mesh.unit_scale
        moved[fixed] = 0.0
        units[path.stem] = moved
    return units


def expression_names(units: dict[str, Array]) -> list[str]:
    """The units that are expression components: all but jaw and gaze, which are poses, `mouthClose` last."""
    poses = {JAW_UNIT, CLOSE_UNIT, *GAZE_UNITS}
    return [name for name in units if name not in poses] + [CLOSE_UNIT]
