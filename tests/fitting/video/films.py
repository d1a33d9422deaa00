"""Films of the open head whose every frame is known."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import imageio.v2 as imageio
import numpy as np

from studio.backends.choice import create_backend
from studio.document.look import Look
from studio.document.photo_camera import PhotoCamera
from studio.fitting.observation import Landmarks2D
from studio.fitting.projection import project
from studio.fitting.recipe_file import shipped_recipe
from studio.fitting.video.job import VideoFitJob
from studio.flame.open_head import load_open_head
from studio.flame.params import Params
from studio.render.cpu_renderer import CPURenderer
from studio.render.shot import Shot

SIDE, FOCAL, RATE = 240, 480.0, 12.0
WRITING = {"macro_block_size": 2, "output_params": ["-movflags", "+faststart"]}  # its length stands first


@dataclass(frozen=True)
class KnownFilm:
    """A film, and where the head is in each frame."""

    path: Path
    points: np.ndarray  # (T, 68, 2) pixels
    params: tuple[Params, ...]

    def landmarks(self, number: int, _pixels: np.ndarray) -> Landmarks2D:
        """Of every frame."""
        return Landmarks2D(self.points[number], np.ones(68))

    def first_landmarks(self, number: int, pixels: np.ndarray) -> Landmarks2D | None:
        """Of the first frame alone."""
        return self.landmarks(number, pixels) if number == 0 else None


def backend():
    """On one thread of the processor."""
    return create_backend("torch", load_open_head(), "cpu", 1)


def film_of(folder: Path, count: int = 6) -> KnownFilm:
    """A head that turns to its left, smiles, opens its mouth and moves to the right."""
    model, decode = load_open_head(), backend()
    smile = [model.expression_names.index(f"mouthSmile{side}") for side in ("Left", "Right")]
    renderer, points, heads = CPURenderer(), [], []
    path = folder / "film.mp4"
    with imageio.get_writer(path, fps=RATE, quality=9, **WRITING) as writer:
        for number in range(count):
            expr = np.zeros(model.expression_count)
            expr[smile] = 0.1 * number
            params = Params.neutral(model).replace(
                expr=expr, jaw_pose=[0.02 * number, 0, 0], rotation=[0.03, 0.05 * number - 0.1, 0.02]
            )
            camera = PhotoCamera(
                SIDE, SIDE, focal=FOCAL, cx=SIDE / 2, cy=SIDE / 2, place=(0.004 * number, 0.01, -0.75)
            )
            surface = decode.forward(params)
            shot = Shot(model, surface, Look(mode="textured"), camera.orbit(1.0), (SIDE, SIDE), 4)
            writer.append_data(renderer.render(shot)[..., :3])
            points.append(project(camera, surface.landmarks)[0])
            heads.append(params)
    return KnownFilm(path, np.array(points), tuple(heads))


def job_of(path: Path, landmarks, folder: Path | None = None) -> VideoFitJob:
    """The fit of a film by its landmarks."""
    recipe = shipped_recipe("Landmarks only")
    return VideoFitJob(load_open_head(), backend, path, recipe, landmarks, folder, focal=FOCAL)


def fit_in_folder(film: str, folder: str, points: str) -> None:
    """Fit a film whose landmarks are in the npy file ``points``, finished frames in ``folder``."""
    marks = np.load(points)
    job = job_of(Path(film), lambda number, _: Landmarks2D(marks[number], np.ones(68)), Path(folder))
    job.run(lambda _: None, lambda: False)
