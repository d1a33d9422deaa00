"""The processor's work for one frame of a moving head, beside the same head drawn by vispy's own Mesh."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import Measure, Stopwatch
from studio.backends.base import Surface
from studio.document.camera import Camera
from studio.flame.model import HeadModel
from studio.flame.neutral import rest
from studio.flame.normals import vertex_normals
from studio.flame.open_head import load_open_head
from studio.render.style import DPI

SIZE = (900, 900)
FRAMES = 60
WARM_UP = 8

Vertices = NDArray[np.float32]
DrawFrame = Callable[[Vertices], None]


def measure() -> list[Measure]:
    """Median work on the processor for a frame, with new vertices every frame.

    Counted are normals, upload and all calls until they return, but for the two that draw triangles: a
    software renderer transforms their vertices at once, which is the rasterizer's work and is told beside.
    """
    os.environ["EGL_PLATFORM"] = "surfaceless"
    model = load_open_head()
    return [
        _measure("the studio's head, subdivided", model, *_studio_head(model), at_most=3.0),
        _measure("vispy's Mesh, as it is", model, *_vispy_mesh(model)),
    ]


def _measure(
    name: str, model: HeadModel, canvas: Any, draw: DrawFrame, at_most: float | None = None
) -> Measure:
    """What ``draw`` costs on ``canvas`` while the head grows and shrinks."""
    from vispy.gloo import gl

    frames, drawing = [], Stopwatch()
    with drawing.on(gl, "glDrawElements"), drawing.on(gl, "glDrawArrays"):
        for index in range(WARM_UP + FRAMES):
            vertices = model.v_template * np.float32(1.0 + 0.02 * np.sin(0.2 * index))
            canvas.set_current()
            drawing.seconds = 0.0
            start = time.perf_counter()
            draw(vertices)
            canvas.context.flush_commands()
            frames.append((time.perf_counter() - start, drawing.seconds))
            gl.glFinish()
    canvas.close()
    whole, drawn = (1000.0 * statistics.median(column) for column in zip(*frames[WARM_UP:], strict=True))
    note = f"{model.vertex_count} vertices; {drawn:.1f} ms in drawing calls"
    return Measure("Frame", name, whole - drawn, at_most, note)


def _studio_head(model: HeadModel) -> tuple[Any, DrawFrame]:
    """The scene of canvas and pictures, as it is drawn while something moves."""
    from vispy import app, gloo

    from studio.render.display_mesh import load_kernels
    from studio.render.framing import frame_head
    from studio.render.scene import HeadScene

    canvas = app.Canvas(app=app.Application("egl"), size=SIZE, dpi=DPI, show=False, autoswap=False)
    canvas.set_current()
    load_kernels()
    neutral = rest(model)
    scene = HeadScene()
    scene.set_model(model)
    scene.set_camera(frame_head(model, Camera()))

    def draw(vertices: Vertices) -> None:
        normals = vertex_normals(vertices, model.faces)
        scene.set_surface(Surface(vertices, normals, neutral.landmarks, neutral.joints, 0))
        gloo.set_viewport(0, 0, *SIZE)
        scene.draw(SIZE, fine=False, settle=False)

    return canvas, draw


def _vispy_mesh(model: HeadModel) -> tuple[Any, DrawFrame]:
    """What ``vispy.scene.visuals.Mesh`` offers for new vertices: ``set_data``."""
    from vispy import app, scene

    canvas = scene.SceneCanvas(app=app.Application("egl"), size=SIZE, dpi=DPI, show=False, autoswap=False)
    canvas.set_current()
    view = canvas.central_widget.add_view()
    view.camera = scene.cameras.TurntableCamera(up="+y", distance=0.9, fov=20.0)
    mesh = scene.visuals.Mesh(model.v_template, model.faces, shading="smooth", parent=view.scene)

    def draw(vertices: Vertices) -> None:
        mesh.set_data(vertices=vertices, faces=model.faces)
        canvas.events.draw()

    return canvas, draw
