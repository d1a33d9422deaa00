"""The head over time in Universal Scene Description: one mesh with a time sample of its points a frame."""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from studio.backends.base import Backend, Surface
from studio.export.note import licence_note
from studio.export.surface_stream import surfaces_of
from studio.export.target import check_format, check_target
from studio.flame.model import HeadModel
from studio.jobs.job import Cancelled, Progress, Report
from studio.render.colours import to_linear
from studio.render.materials import materials_of
from studio.sequence.stream import FrameSource
from studio.storage.atomic import atomic_path, full_disk
from studio.storage.errors import StudioError

if TYPE_CHECKING:
    from pxr import Usd, UsdGeom

USD = (".usdc", ".usda", ".usd")
SAVED_EVERY = 200  # frames; what is saved is not in memory any more
LARGEST_TEXT = 200 << 20  # bytes of points and normals that are written as text
ROOT, MESH = "/head", "/head/mesh"
FULL_BELOW = 1 << 20  # bytes left on a disk that took a file no more
_REASON = re.compile(r" : '(.*)'$", re.MULTILINE)  # what follows the place in USD's own code


@dataclass(frozen=True, eq=False)
class UsdJob:
    """Save the mesh of every frame of ``frames`` as USD: binary as .usdc and .usd, text as .usda.

    Points, normals and extent have a sample for each frame; faces, texture coordinates and colours are
    there once. Order and number of the points are the model's own.
    """

    backend: Backend
    frames: FrameSource
    path: Path
    take: str = "take"
    name: str = "USD"

    def run(self, progress: Report, cancelled: Cancelled) -> Path:
        """The path written.

        Raises:
            JobCancelled: it was asked to stop; nothing is written.
            StudioError: usd-core is not installed, the format is not known, a text would be too large, or
                it cannot be written.

        """
        suffix = check_format(self.path, USD, "an animated mesh")
        check_usd(self.path)
        count = len(self.frames)
        size = 24 * count * self.backend.model.vertex_count
        if suffix == ".usda" and size > LARGEST_TEXT:
            raise StudioError(
                f"{self.path.name} would be gigabytes of text; end the name in .usdc, or cut the take."
            )
        check_target(self.path, size)
        surfaces = surfaces_of(self.backend, self.frames, progress, cancelled)
        with atomic_path(self.path) as temporary:
            self._write(temporary, surfaces, is_text=suffix == ".usda")
        progress(Progress(count, count, "USD saved"))
        return self.path

    def _write(self, path: Path, surfaces: Iterator[Surface], is_text: bool) -> None:
        from pxr import Tf, Usd

        try:
            stage = Usd.Stage.CreateNew(str(path))
            mesh = _still_mesh(stage, self.backend.model, self.take, self.frames)
            for frame, surface in enumerate(surfaces):
                _add_frame(mesh, surface, frame)
                if frame % SAVED_EVERY == SAVED_EVERY - 1 and not is_text:
                    stage.GetRootLayer().Save()
            stage.GetRootLayer().Save()
        except Tf.ErrorException as error:
            raise self._failed(str(error), path.parent) from error

    def _failed(self, said: str, folder: Path) -> OSError | StudioError:
        """What is wrong where USD says ``said``, of each error a line."""
        full = full_disk(said)
        if full is not None:
            return full
        if shutil.disk_usage(folder).free < FULL_BELOW:
            return OSError(errno.ENOSPC, "")
        reasons = _REASON.findall(said)
        reason = f" ({reasons[0]})" if reasons else ""
        return StudioError(f"{self.path.name} was not written: USD failed{reason}; choose another folder.")


def check_usd(path: Path) -> None:
    """Make sure that files like ``path`` can be written.

    Raises:
        StudioError: usd-core is not installed.

    """
    try:
        import pxr  # noqa: F401
    except ImportError:
        raise StudioError(
            f"{path.name}: USD files need the package usd-core; install it with pip install usd-core, or "
            "save a GLB."
        ) from None


def _still_mesh(stage: Usd.Stage, model: HeadModel, take: str, frames: FrameSource) -> UsdGeom.Mesh:
    """The mesh with all that does not change, and what the stage says of itself."""
    from pxr import Sdf, UsdGeom, Vt

    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.y)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    stage.SetTimeCodesPerSecond(frames.fps)
    stage.SetFramesPerSecond(frames.fps)
    stage.SetStartTimeCode(0)
    stage.SetEndTimeCode(len(frames) - 1)
    root = UsdGeom.Xform.Define(stage, ROOT)
    stage.SetDefaultPrim(root.GetPrim())
    layer = stage.GetRootLayer()
    layer.comment = licence_note(model)
    layer.customLayerData = {
        "take": take,
        "model": model.name,
        "version": model.version,
        "digest": model.digest,
        "licence": model.licence,
    }
    mesh = UsdGeom.Mesh.Define(stage, MESH)
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    mesh.CreateDoubleSidedAttr(True)
    mesh.CreateFaceVertexCountsAttr(Vt.IntArray.FromNumpy(np.full(len(model.faces), 3, np.int32)))
    mesh.CreateFaceVertexIndicesAttr(_indices(model.faces))
    mesh.SetNormalsInterpolation(UsdGeom.Tokens.vertex)
    primvars = UsdGeom.PrimvarsAPI(mesh)
    if model.uv is not None and model.uv_faces is not None:
        kind = Sdf.ValueTypeNames.TexCoord2fArray
        coordinates = primvars.CreatePrimvar("st", kind, UsdGeom.Tokens.faceVarying)
        coordinates.Set(Vt.Vec2fArray.FromNumpy(np.ascontiguousarray(model.uv, np.float32)))
        coordinates.SetIndices(_indices(model.uv_faces))
    colours = mesh.CreateDisplayColorPrimvar(UsdGeom.Tokens.vertex)
    colours.Set(_vectors(to_linear(materials_of(model).tints)))
    return mesh


def _add_frame(mesh: UsdGeom.Mesh, surface: Surface, frame: int) -> None:
    """The samples of one frame."""
    ends = np.stack([surface.vertices.min(axis=0), surface.vertices.max(axis=0)])
    mesh.GetPointsAttr().Set(_vectors(surface.vertices), frame)
    mesh.GetNormalsAttr().Set(_vectors(surface.normals), frame)
    mesh.GetExtentAttr().Set(_vectors(ends), frame)


def _vectors(values: np.ndarray) -> Any:
    """A copy of ``values`` (N, 3)."""
    from pxr import Vt

    return Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(values, np.float32))


def _indices(values: np.ndarray) -> Any:
    from pxr import Vt

    return Vt.IntArray.FromNumpy(np.ascontiguousarray(values, np.int32).reshape(-1))
