"""What comparing adds to a frame: another head by a wipe, distances, ghosts, measurements."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.measure import Measure, medians_in_turn
from studio.backends import Surface, create_backend
from studio.document.camera import Camera
from studio.document.comparison import Comparison
from studio.document.document import Document
from studio.document.look import Look, Onion
from studio.document.moment import Moment
from studio.document.take import Take
from studio.flame.model import HeadModel
from studio.flame.open_head import load_open_head
from studio.flame.params import Params
from studio.render.extras import NO_EXTRAS, Extras
from studio.render.extras_maker import ExtrasMaker
from studio.render.style import DPI
from studio.sequence.examples import example_clips
from studio.sequence.files import read_clip

PART = "Comparing"
SIZE = (900, 900)
ROUNDS, REPEATS = 5, 6
ONION = Onion(shown=True, before=1, after=1)

Work = Callable[[int], object]


def measure() -> list[Measure]:
    """Medians of what each adds to the same frame without it; every frame has new parameters."""
    os.environ["EGL_PLATFORM"] = "surfaceless"
    model = load_open_head()
    return [*_computing(model), *_drawing(model)]


def _added(kind: str, works: dict[str, Work], note: str) -> list[Measure]:
    """Each of ``works`` beside the first, which the others contain."""
    found = medians_in_turn(works, ROUNDS, REPEATS)
    base = next(iter(found.values()))
    first = Measure(PART, f"{kind}: {next(iter(found))}", base, note=note)
    return [
        first,
        *(Measure(PART, f"{kind}: {name}, added", ms - base) for name, ms in list(found.items())[1:]),
    ]


def _computing(model: HeadModel) -> list[Measure]:
    """The engine's work: the head, then what belongs beside it."""
    _, path = example_clips()[0]
    clip, _ = read_clip(path, model)
    document = Document(model)
    someone = Params.random(model, seed=4, fields=("shape",))
    other = Take.of("B", clip.replace(shape=someone.shape))
    document.set(takes=(Take.of("A", clip), other))
    distance = Comparison("distance", take=1)

    def work(comparison: Comparison, onion: Onion = Onion(), measuring: bool = False) -> Work:  # noqa: B008
        backend, beside = create_backend("torch", model, "cpu"), create_backend("torch", model, "cpu")
        maker = ExtrasMaker(beside.forward)
        moment = replace(Moment.of(document), comparison=comparison, onion=onion)

        def run(index: int) -> Extras:
            now = moment.at(index % len(clip))
            params = now.take.params(now.position)
            return maker.make(now, params, backend.forward(params), measuring)

        return run

    works = {
        "the head alone": work(Comparison()),
        "a wipe": work(Comparison("wipe", take=1)),
        "distances": work(distance),
        "distances, skulls laid": work(distance.replace(aligned=True)),
        "two ghosts": work(Comparison(), ONION),
        "measurements": work(Comparison(), measuring=True),
    }
    return _added("computing", works, "both takes move, of two people")


def _drawing(model: HeadModel) -> list[Measure]:
    """The picture, drawn by the OpenGL that is here until it is done."""
    from vispy import app, gloo

    from studio.render.display_mesh import load_kernels
    from studio.render.extras import Ghost
    from studio.render.framing import frame_head
    from studio.render.picture_scene import PictureScene

    canvas = app.Canvas(app=app.Application("egl"), size=SIZE, dpi=DPI, show=False, autoswap=False)
    canvas.set_current()
    load_kernels()
    backend, camera = create_backend("torch", model, "cpu"), frame_head(model, Camera())
    neutral = Params.neutral(model)
    poses = [backend.forward(neutral.replace(jaw_pose=(0.01 * step, 0.0, 0.0))) for step in range(24)]
    distances = [np.full(model.vertex_count, 0.2 * step, np.float32) for step in range(24)]

    def work(extras: Callable[[Surface, int], Extras]) -> Work:
        scene = PictureScene()
        scene.set_model(model)
        scene.set_camera(camera)
        scene.set_look(Look(onion=ONION))

        def draw(index: int) -> None:
            canvas.set_current()
            scene.set_surface(poses[index % 24])
            scene.set_extras(extras(poses[(index + 5) % 24], index % 24))
            gloo.set_viewport(0, 0, *SIZE)
            scene.draw(SIZE, fine=False)
            canvas.context.flush_commands()
            gloo.gl.glFinish()

        return draw

    wipe, heat = Comparison("wipe"), Comparison("distance")
    works = {
        "the head alone": work(lambda _, __: NO_EXTRAS),
        "a wipe": work(lambda other, _: Extras(wipe, other=other)),
        "distances": work(lambda other, index: Extras(heat, other=other, distances=distances[index])),
        "two ghosts": work(lambda other, index: Extras(ghosts=(Ghost(-3, other), Ghost(3, poses[index])))),
    }
    found = _added("drawing", works, f"{SIZE[0]} x {SIZE[1]}, rasterizing included")
    canvas.close()
    return found
