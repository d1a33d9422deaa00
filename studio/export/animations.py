"""A take as one animated file, or as a file for each frame, for programs that show meshes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from studio.backends.base import Backend
from studio.document.control_state import ControlState
from studio.document.look import Look
from studio.export.film_formats import is_numbered
from studio.export.gltf.job import GLTF, GltfJob, GltfResult
from studio.export.gltf.options import GltfOptions
from studio.export.mesh import MESHES
from studio.export.mesh_frames import MeshFramesJob
from studio.export.target import check_format
from studio.export.usd import USD, UsdJob
from studio.export.vertex_cache import CACHES, VertexCacheJob
from studio.jobs.job import Job
from studio.sequence.stream import FrameSource

ANIMATIONS = (*GLTF, *USD, *CACHES)


@dataclass(frozen=True)
class Shown:
    """What the files say beside the surface: the name of the take, and how the head looks."""

    take: str
    look: Look
    options: GltfOptions  # of a GLB
    controls: ControlState = field(default_factory=ControlState)  # whose mapping the units have


def is_animation(path: Path) -> bool:
    """Whether the name of ``path`` asks for a take as moving meshes."""
    suffix = path.suffix.lower()
    return suffix in ANIMATIONS or (suffix in MESHES and is_numbered(path))


def animation_job(backend: Backend, frames: FrameSource, path: Path, shown: Shown) -> Job:
    """The job that saves ``frames`` as the name of ``path`` says.

    Raises:
        StudioError: the ending is not known.

    """
    suffix = check_format(path, (*ANIMATIONS, *MESHES), "an animation")
    if suffix in GLTF:
        return GltfJob(backend, frames, path, shown.take, shown.look, shown.options, shown.controls)
    if suffix in USD:
        return UsdJob(backend, frames, path, shown.take)
    if suffix in CACHES:
        return VertexCacheJob(backend, frames, path)
    return MeshFramesJob(backend, frames, path)


def facts_of(result: GltfResult | Path) -> dict[str, Any]:
    """What the result of such a job tells a program."""
    if not isinstance(result, GltfResult):
        return {}
    return {
        "bytes": result.size,
        "targets": list(result.targets),
        "difference_mm": result.difference.in_millimetres,
    }


def notices_of(result: GltfResult | Path) -> tuple[str, ...]:
    """Sentences on what the file cannot show."""
    return result.notices if isinstance(result, GltfResult) else ()
