"""The ARKit face units: which become expression components, and which become poses."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .assembly import HeadMesh
from .lashes import VERTICES_PER_HAIR
from .source import Array, BaseMesh, read_target

LASH_DROP = np.radians(62.0)
JAW_UNIT = "jawOpen"
CLOSE_UNIT = "mouthClose"
GAZE_UNITS = tuple(f"eyeLook{way}{side}" for way in ("Up", "Down", "In", "Out") for side in ("Left", "Right"))


def read_units(folder: Path, base: BaseMesh, mesh: HeadMesh, average: Array) -> dict[str, Array]:
    """Displacements (V, 3) in metres of all 52 face units, by ARKit name; upper teeth and gums never move.

    ``average`` (n, 3) is the base mesh in the head's frame. The tongue, which lies lower here than in
    the base mesh that the units are made for, comes up to that as it is put out.
    """
    fixed = np.concatenate([mesh.regions["upper_teeth"], mesh.regions["upper_gums"]])
    units = {}
    for path in sorted((folder / "faceunits01/targets/faceunits").glob("*.target")):
        moved = (mesh.operator @ read_target(path, len(base.vertices))) * mesh.unit_scale
        moved[fixed] = 0.0
        units[path.stem] = moved
    if mesh.plain:
        return units
    for side in ("Left", "Right"):
        _drop_lashes(units[f"eyeBlink{side}"], mesh, 1.0 if side == "Left" else -1.0)
    tongue = mesh.regions["tongue"]
    units["tongueOut"][tongue] += average[base.groups["helper-tongue"].vertices] - mesh.template[tongue]
    return units


def _drop_lashes(blink: Array, mesh: HeadMesh, side: float) -> None:
    """Turn the upper lashes of one side downwards about their roots: closed lids would show them end on."""
    hairs = mesh.regions["lashes"].reshape(-1, VERTICES_PER_HAIR)
    roots = mesh.template[hairs[:, :2]].mean(axis=1)
    upper = (mesh.template[hairs[:, -1], 1] > roots[:, 1]) & (roots[:, 0] * side > 0.0)
    hairs, roots = hairs[upper], roots[upper]
    c, s = np.cos(LASH_DROP), np.sin(LASH_DROP)
    turn = np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])
    arms = mesh.template[hairs] - roots[:, None]
    blink[hairs] = blink[hairs[:, :2]].mean(axis=1)[:, None] + arms @ turn.T - arms


def expression_names(units: dict[str, Array]) -> list[str]:
    """The units that are expression components: all but jaw and gaze, which are poses, `mouthClose` last."""
    poses = {JAW_UNIT, CLOSE_UNIT, *GAZE_UNITS}
    return [name for name in units if name not in poses] + [CLOSE_UNIT]
