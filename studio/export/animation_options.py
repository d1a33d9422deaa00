"""How a take is saved for programs that show moving meshes, as immutable values."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from studio.export.film_formats import is_numbered
from studio.export.gltf.options import GltfOptions


@dataclass(frozen=True)
class AnimationFormat:
    """One way to save moving meshes."""

    key: str
    ending: str  # with its point; empty: a folder with a file for each frame
    title: str  # in lists
    kind: str  # in file dialogs, with its pattern


ANIMATION_FORMATS = (
    AnimationFormat("glb", ".glb", "GLB · glTF 2.0", "GLB (*.glb)"),
    AnimationFormat("usdc", ".usdc", "USD", "Universal Scene Description (*.usdc)"),
    AnimationFormat("usda", ".usda", "USD as text", "Universal Scene Description as text (*.usda)"),
    AnimationFormat("mdd", ".mdd", "MDD vertex cache", "MDD vertex cache (*.mdd)"),
    AnimationFormat("pc2", ".pc2", "PC2 vertex cache", "PC2 vertex cache (*.pc2)"),
    AnimationFormat("obj", "", "OBJ for each frame", "Folder of OBJ meshes (*)"),
    AnimationFormat("ply", "", "PLY for each frame", "Folder of PLY meshes (*)"),
)
_BY_KEY = {entry.key: entry for entry in ANIMATION_FORMATS}


@dataclass(frozen=True)
class AnimationOptions:
    """The take as moving meshes; ``format`` is a key of ANIMATION_FORMATS."""

    format: str = "glb"
    whole: bool = False  # all frames, also those that are not played
    gltf: GltfOptions = field(default_factory=GltfOptions)

    @property
    def shape(self) -> AnimationFormat:
        """The format chosen."""
        return _BY_KEY[self.format]

    def target(self, path: Path) -> Path:
        """Where the files go if people call ``path`` what is saved: a folder's meshes go by their numbers."""
        if self.shape.ending or is_numbered(path):
            return path
        return path / f"%05d.{self.format}"
