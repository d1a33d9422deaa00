"""All files of a fit to one photo, put into a folder together or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Backend, Surface
from studio.document.look import Look, Texture
from studio.document.media import Media
from studio.export.films import scratch_folder
from studio.export.fits.calibration import write_light, write_photo_camera
from studio.export.fits.overlay import head_over, with_landmarks
from studio.export.fits.published import published_dict, write_published
from studio.export.fits.report import report_of
from studio.export.gltf.job import GltfJob
from studio.export.mesh import write_obj
from studio.export.note import licence_note
from studio.export.target import check_no_input, check_target
from studio.export.textured_mesh import write_picture_file, write_textured
from studio.fitting.observation import Observation
from studio.fitting.recipe import Recipe
from studio.fitting.recipe_edits import seeks_skin
from studio.fitting.reduced import Reduced, reduced
from studio.fitting.run import Iteration
from studio.fitting.state import FitState
from studio.fitting.unwrapping import base_albedo, unwrap
from studio.flame.landmark_sets import landmark_set
from studio.flame.params import Params
from studio.flame.textures import PICTURE
from studio.jobs.job import Cancelled, Progress, Report, check
from studio.render.colours import to_srgb
from studio.sequence.clip import Clip
from studio.sequence.files import write_clip
from studio.storage.atomic import write_atomically
from studio.storage.errors import StudioError

TEXTURE = 1024  # pixels a side
NOW = (36, 39, 42, 45, 33, 48, 54)  # iBUG's numbers of the seven points of the NoW challenge, in its order
REPORT = "_report.json"
ENDINGS = (
    *(".npz", ".obj", ".mtl", ".png", ".glb", "_camera.json", "_light.json", "_overlay.png"),
    *(REPORT, "_neutral.obj", "_now.npy", "_now.txt", ".npy"),
)


@dataclass(frozen=True, eq=False)
class FitFiles:
    """What was written."""

    paths: tuple[Path, ...]
    report: dict[str, Any]


@dataclass(frozen=True, eq=False)
class FitFilesJob:
    """Write what was found on one photo into ``folder``, every file called ``name`` and something.

    The clip (.npz, metric), the mesh with its texture (.obj, .mtl, .png; .glb), camera and light as JSON, the
    head over the photo, a report, the neutral mesh (_neutral.obj) with its seven NoW points, and the dict of
    the published code (.npy). Those of an earlier fit are replaced, other files are not.
    """

    backend: Backend
    observation: Observation
    state: FitState
    recipe: Recipe
    history: Sequence[Iteration]
    folder: Path
    label: str
    sources: tuple[Path, ...] = ()
    warnings: tuple[str, ...] = ()
    has_photo: bool = True
    texture_size: int = TEXTURE
    name: str = "Fit files"

    def run(self, progress: Report, cancelled: Cancelled) -> FitFiles:
        """What was written.

        Raises:
            JobCancelled: it was asked to stop; nothing is written.
            StudioError: it cannot be written, or a file that was read would be replaced.

        """
        check_fit_targets(self.folder, self.label, self.sources)

        def tell(what: str) -> None:
            check(cancelled)
            progress(Progress(0, 0, what))

        state = _with_offset(self.state)
        surface = self.backend.forward(state.params)
        picture = self._texture(surface, state, tell)
        tell("Drawing the head over the photo")
        part = self._part(surface, state)
        report = report_of(
            self.backend.model,
            surface,
            state,
            self.observation,
            self.recipe,
            self.history,
            part,
            self.warnings,
        )
        with scratch_folder(self.folder / self.label) as scratch:
            self._write(scratch, surface, state, picture, part, report, tell, cancelled)
            check(cancelled)
            paths = []
            for file in sorted(scratch.iterdir()):
                os.replace(file, self.folder / file.name)
                paths.append(self.folder / file.name)
        return FitFiles(tuple(paths), report)

    def _texture(self, surface: Surface, state: FitState, tell: Any) -> NDArray[np.uint8] | None:
        """The albedo (R, R, 3) sRGB, row 0 at v = 0; None where the model has no texture coordinates."""
        model = self.backend.model
        if model.uv is None or model.uv_faces is None:
            return None
        if self.has_photo:
            return unwrap(model, surface, state, self.observation, self.texture_size, tell).picture
        linear = base_albedo(model, state, self.texture_size)
        return np.rint(255.0 * to_srgb(linear)).astype(np.uint8)

    def _part(self, surface: Surface, state: FitState) -> Reduced | None:
        if not self.has_photo:
            return None
        return reduced(self.backend.model, surface, state, self.observation)

    def _write(
        self,
        folder: Path,
        surface: Surface,
        state: FitState,
        picture: NDArray[np.uint8] | None,
        part: Reduced | None,
        report: dict[str, Any],
        tell: Any,
        cancelled: Cancelled,
    ) -> None:
        model, label = self.backend.model, self.label
        tell("Writing the head")
        clip = Clip.still(state.params, model_name=model.name, model_digest=model.digest)
        write_clip(folder / f"{label}.npz", clip, model)
        write_textured(folder / f"{label}.obj", model, surface, picture)
        write_photo_camera(folder / f"{label}_camera.json", state.camera)
        write_light(folder / f"{label}_light.json", state)
        write_published(folder / f"{label}.npy", published_dict(surface, state, picture))
        self._write_neutral(folder, state)
        self._write_glb(folder / f"{label}.glb", clip, picture, tell, cancelled)
        if part is not None:
            marks = self.observation.landmarks
            shown = with_landmarks(
                head_over(part, seeks_skin(self.recipe)),
                part,
                surface,
                landmark_set(model, marks.set_name if marks else "68"),
            )
            write_picture_file(folder / f"{label}_overlay.png", shown, licence_note(model))
        text = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
        write_atomically(folder / f"{label}{REPORT}", lambda stream: stream.write(text.encode()))

    def _write_neutral(self, folder: Path, state: FitState) -> None:
        """The head of that shape at rest, and the seven points on it, metres."""
        model = self.backend.model
        params = Params.neutral(model).replace(
            shape=state.params.shape, vertex_offset=state.params.vertex_offset
        )
        surface = self.backend.forward(params)
        path = folder / f"{self.label}_neutral.obj"
        write_atomically(path, lambda stream: write_obj(stream, model, surface))
        if len(surface.landmarks) == 0:
            return
        points = surface.landmarks[list(NOW)].astype(np.float64)
        write_atomically(folder / f"{self.label}_now.npy", lambda stream: np.save(stream, points))
        rows = "".join(f"{x:.9g} {y:.9g} {z:.9g}\n" for x, y, z in points).encode()
        write_atomically(folder / f"{self.label}_now.txt", lambda stream: stream.write(rows))

    def _write_glb(
        self, path: Path, clip: Clip, picture: NDArray[np.uint8] | None, tell: Any, cancelled: Cancelled
    ) -> None:
        tell("Writing the GLB")
        look = Look(mode="textured" if picture is not None else "shaded")
        if picture is not None:
            look = look.replace(texture=Texture(PICTURE, picture=Media("skin.png", png_of(picture[::-1]))))
        GltfJob(self.backend, clip, path, self.label, look).run(lambda _done: None, cancelled)


def check_fit_targets(folder: Path, label: str, sources: Sequence[Path]) -> None:
    """Make sure, before anything is computed, that a fit's files can be written.

    Those of an earlier fit, which has left a report, may be replaced.

    Raises:
        StudioError: the folder is missing or closed to us, or a file that is read, or that is of no fit,
            would be replaced.

    """
    fitted_before = (folder / f"{label}{REPORT}").is_file()
    for ending in ENDINGS:
        target = folder / f"{label}{ending}"
        check_target(target)
        try:
            check_no_input(target, sources)
        except StudioError:
            raise StudioError(
                f"{target.name} is what the head is fitted to, and would be replaced; give another folder "
                "with -o."
            ) from None
        if not fitted_before and target.exists():
            raise StudioError(
                f"{target.name} is in {folder.resolve().name} already and is of no fit; give another "
                "folder with -o, or move it away."
            )


def png_of(pixels: NDArray[np.uint8]) -> bytes:
    """``pixels`` (H, W, 3), row 0 at the top, as the content of a PNG file."""
    import io

    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def _with_offset(state: FitState) -> FitState:
    """``state`` whose parameters carry its vertex offset."""
    if state.vertex_offset is None:
        return state
    return state.replace(params=state.params.replace(vertex_offset=state.vertex_offset), vertex_offset=None)
