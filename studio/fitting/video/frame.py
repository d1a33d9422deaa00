"""One finished frame of a film's fit, and its file."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from studio.document.photo_camera import PhotoCamera
from studio.fitting.observation import Landmarks2D
from studio.fitting.state import FitState
from studio.fitting.video.view import JPEG, View
from studio.flame.params import FIELD_WIDTHS, Params
from studio.storage.arrays import read_npz, write_npz
from studio.storage.errors import StudioError

_VECTORS = ("shape", "expr", *FIELD_WIDTHS)


@dataclass(frozen=True, eq=False)
class Frame:
    """Where the head is in one frame, what was known, and how far they are apart."""

    number: int
    state: FitState  # before the film's camera
    view: View
    landmarks: Landmarks2D | None  # those it was fitted to, pixels of the frame
    given: bool  # whether they came from a file, a detector or a hand, and not from the frame beside
    error: float  # what the landmarks miss, percent of the outer-eye distance
    refined: bool = False  # gone through once more with its neighbours

    def replace(self, **changes: object) -> Frame:
        """The same frame with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


def write_frame(path: Path, frame: Frame) -> None:
    """Put ``frame`` at ``path``, whole or not at all.

    Raises:
        StudioError: it cannot be written.

    """
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(frame.view.pixels).save(stream, "JPEG", quality=JPEG, subsampling=0)
    state, camera = frame.state, frame.state.camera
    known = {
        "number": frame.number,
        "given": frame.given,
        "error": frame.error,
        "refined": frame.refined,
        "texture_key": state.texture_key,
        "camera": [
            *(camera.width, camera.height, camera.projection, camera.focal, camera.scale),
            *(camera.cx, camera.cy, *camera.place),
        ],
        "view": [frame.view.left, frame.view.top, frame.view.factor],
    }
    arrays = {name: getattr(state.params, name) for name in _VECTORS}
    arrays |= {"light": state.light, "texture": state.texture}
    arrays["picture"] = np.frombuffer(stream.getvalue(), np.uint8)
    arrays["known"] = np.frombuffer(json.dumps(known).encode(), np.uint8)
    if frame.landmarks is not None:
        arrays["points"], arrays["confidence"] = frame.landmarks.points, frame.landmarks.confidence
        arrays["set"] = np.frombuffer(frame.landmarks.set_name.encode(), np.uint8)
    write_npz(path, arrays, compress=False)


def read_frame(path: Path) -> Frame:
    """The frame at ``path``.

    Raises:
        StudioError: it cannot be read or is damaged.

    """
    from PIL import Image

    arrays = read_npz(path)
    try:
        known = json.loads(arrays["known"].tobytes())
        width, height, projection, focal, scale, cx, cy, *place = known["camera"]
        camera = PhotoCamera(
            int(width), int(height), projection, focal, scale, cx, cy, (place[0], place[1], place[2])
        )
        params = Params(**{name: arrays[name] for name in _VECTORS})
        with Image.open(io.BytesIO(arrays["picture"].tobytes()), formats=("JPEG",)) as picture:
            pixels = np.asarray(picture.convert("RGB"))
        landmarks = None
        if "points" in arrays:
            name = arrays["set"].tobytes().decode()
            landmarks = Landmarks2D(arrays["points"], arrays["confidence"], name)
        state = FitState(
            params, camera, arrays["light"].astype(np.float64), known["texture_key"], arrays["texture"]
        )
        view = View(pixels, *(float(part) for part in known["view"]))
        return Frame(
            int(known["number"]),
            state,
            view,
            landmarks,
            bool(known["given"]),
            float(known["error"]),
            bool(known["refined"]),
        )
    except (KeyError, ValueError, TypeError, IndexError, OSError) as error:
        raise StudioError(f"{path.name} is no frame of a fit, or is damaged ({error}); delete it.") from error
