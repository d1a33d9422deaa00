"""Which face each pixel shows: the processor's rasterizer, on one thread and on all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from benchmarks.measure import Measure, median_milliseconds
from studio.flame.open_head import load_open_head
from studio.render.pinhole import PinholeCamera
from studio.render.rasterizer import find_visible, rasterize

PART = "Rasterizer"
AT_MOST = {256: 1.2, 1024: 12.0}  # pixels on a side: milliseconds for faces and depth on one thread


def measure() -> list[Measure]:
    """The open head from the front, filling the picture's height, both sides of every face drawn."""
    model = load_open_head()
    measures = []
    for side, at_most in AT_MOST.items():
        clip = PinholeCamera.front(model, (side, side)).clip(model.v_template)
        scene = (clip, model.faces, side, side)
        note = f"{len(model.faces)} faces"
        for name, draw, limit in (
            ("faces and depth", partial(find_visible, *scene, threads=1), at_most),
            ("with barycentric weights", partial(rasterize, *scene, threads=1), None),
            ("with barycentric weights, all threads", partial(rasterize, *scene), None),
        ):
            cost = median_milliseconds(partial(_call, draw))
            measures.append(Measure(PART, f"{side} x {side}, {name}", cost, limit, note))
    return measures


def _call(draw: Callable[[], object], _: int) -> object:
    return draw()
