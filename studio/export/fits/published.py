"""The dict that the published photometric fitting leaves, for those who have scripts on it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Surface
from studio.document.photo_camera import PhotoCamera
from studio.fitting.state import FitState
from studio.storage.atomic import write_atomically

SHAPE, EXPRESSION, TEXTURE = 100, 50, 50  # components that the published code has
ALBEDO = 256  # pixels a side
_SHIFT = 10.0  # what its renderer adds to all depths


def published_dict(
    surface: Surface, state: FitState, picture: NDArray[np.uint8] | None = None
) -> dict[str, NDArray]:
    """``shape``, ``exp``, ``pose`` (root and jaw), ``cam``, ``verts``, ``tex``, ``lit``, and ``albedos``.

    Each has a first axis of one photo. The camera is scaled orthographic in -1..1 of a square around the
    photo, (s, tx, ty): x' = s (x + tx), y' = -s (y + ty), z' = -s z, and ``verts`` are projected by it, their
    depths shifted by 10, as the published code leaves them. A perspective camera is told by the one that is
    like it at the head's middle.

    Args:
        surface: the fitted head.
        state: what it was fitted by.
        picture: its albedo (R, R, 3) sRGB, row 0 at v = 0.

    """
    params = state.params
    cam = orthographic_like(state.camera, surface.vertices)
    found = {
        "shape": _padded(params.shape, SHAPE),
        "exp": _padded(params.expr, EXPRESSION),
        "pose": np.concatenate([params.rotation, params.jaw_pose]),
        "cam": cam,
        "verts": projected(surface.vertices, cam),
        "tex": _padded(state.texture, TEXTURE),
        "lit": state.light,
    }
    arrays = {name: np.asarray(values, np.float32)[None] for name, values in found.items()}
    if picture is not None:
        arrays["albedos"] = _albedo(picture)[None]
    return arrays


def orthographic_like(camera: PhotoCamera, vertices: NDArray) -> NDArray[np.float64]:
    """(s, tx, ty) of the scaled orthography in -1..1 that ``camera`` is like at ``vertices`` (V, 3)."""
    scale = camera.scale
    if camera.projection == "perspective":
        depth = -(float(np.mean(vertices[:, 2])) + camera.place[2])
        scale = camera.focal / max(depth, 1e-6)
    half = 0.5 * max(camera.size)
    across, down = camera.cx - 0.5 * camera.width, camera.cy - 0.5 * camera.height
    return np.array([scale / half, camera.place[0] + across / scale, camera.place[1] - down / scale])


def projected(vertices: NDArray, cam: NDArray) -> NDArray[np.float64]:
    """``vertices`` (V, 3) by ``cam`` (3,), with the depths that the published code has."""
    s, x, y = cam
    moved = np.asarray(vertices, np.float64) + np.array([x, y, 0.0])
    found: NDArray[np.float64] = moved * (s, -s, -s) + np.array([0.0, 0.0, _SHIFT])
    return found


def write_published(path: Path, entries: Mapping[str, NDArray]) -> None:
    """Write ``entries`` as ``numpy.load(path, allow_pickle=True)[()]`` gives them back.

    Raises:
        StudioError: it cannot be written.

    """
    wrapped = np.array(dict(entries), object)
    write_atomically(path, lambda stream: np.save(stream, wrapped, allow_pickle=True))


def _padded(values: NDArray, count: int) -> NDArray[np.float64]:
    """``values`` (N,) at the published length: cut, or with zeros behind."""
    padded = np.zeros(count)
    padded[: min(len(values), count)] = values[:count]
    return padded


def _albedo(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(3, 256, 256) 0..1, the first row at the top."""
    from PIL import Image

    image = Image.fromarray(np.ascontiguousarray(picture[::-1])).resize(
        (ALBEDO, ALBEDO), Image.Resampling.BOX
    )
    return np.moveaxis(np.asarray(image, np.float32) / np.float32(255.0), -1, 0)
