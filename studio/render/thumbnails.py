"""Little pictures of poses: one head, one pose, always the same light and camera."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from studio import __version__
from studio.backends.base import Backend
from studio.controls.correctives import settle
from studio.controls.preset_file import preset_bytes
from studio.controls.presets import Preset, posed
from studio.document.camera import Camera
from studio.document.control_state import ControlState, solve_controls
from studio.document.look import Look, Texture
from studio.flame.model import HeadModel
from studio.flame.params import FloatArray, Params
from studio.render.framing import frame_head
from studio.render.shot import Image, Renderer, Shot
from studio.storage.atomic import write_atomically
from studio.storage.errors import StudioError
from studio.storage.paths import read_bytes

SIDE = 208  # pixels
SAMPLES = 4
MOST_FILES = 1500  # kept in the cache; the oldest give way
_PRUNED_TO = 1000
_HEIGHT = 1.8  # of the distance from brows to chin, above and below their middle
_WHOLE = 0.8  # of the distance from which a head without landmarks is seen whole
_LARGEST_FILE = 1 << 20  # bytes


@dataclass(frozen=True, eq=False)
class Sitter:
    """Whose pictures they are."""

    model: HeadModel
    shape: FloatArray  # (S,)
    texture: Texture
    controls: ControlState

    def key(self, preset: Preset) -> str:
        """Tells the picture of ``preset`` from all others; its name and tags do not matter."""
        pose = preset.replace(name="", tags=(), author="", note="", unknown={})
        told = hashlib.sha256(preset_bytes(pose))
        model = self.model
        for part in (
            __version__,
            SIDE,
            model.digest,
            model.variant.teeth,
            sorted(model.variant.without),
            self.texture,
        ):
            told.update(repr(part).encode() + b"\0")
        told.update(self.shape.tobytes())
        if self.controls.mapping is not None:
            told.update(repr(self.controls.mapping.names).encode() + self.controls.mapping.matrix.tobytes())
        return told.hexdigest()[:40]


class Studio:
    """Draws thumbnails on one thread; keeps backend and camera of the last sitter."""

    def __init__(self, renderer: Renderer, backend_for: Callable[[HeadModel], Backend]) -> None:
        self._renderer = renderer
        self._backend_for = backend_for
        self._backend: Backend | None = None
        self._sitter: Sitter | None = None
        self._camera = Camera()

    def picture(self, sitter: Sitter, preset: Preset) -> Image:
        """The pose ``preset`` on the otherwise neutral ``sitter``: (SIDE, SIDE, 4) uint8, no background.

        Raises:
            StudioError: the pose means nothing on the sitter's model, or it cannot be drawn.

        """
        model = sitter.model
        neutral = Params.neutral(model).replace(shape=sitter.shape)
        if self._backend is None or self._backend.model is not model:
            self._backend = self._backend_for(model)
        backend = self._backend
        if self._sitter is not sitter:
            rest = backend.forward(neutral)
            self._camera = _portrait(rest.vertices, rest.landmarks)
            self._sitter = sitter
        controls = solve_controls(model, sitter.controls)
        face = settle(model, posed(preset, model, neutral, controls=controls))
        look = Look(texture=sitter.texture)
        shot = Shot(model, backend.forward(face), look, self._camera, (SIDE, SIDE), SAMPLES, transparent=True)
        return self._renderer.render(shot)


def _portrait(vertices: FloatArray, landmarks: FloatArray) -> Camera:
    """A camera before the face, near enough to see what it does."""
    camera = frame_head(vertices, Camera())
    if not len(landmarks):
        return camera.replace(distance=_WHOLE * camera.distance)
    low, high = landmarks.min(axis=0), landmarks.max(axis=0)
    middle = (low + high) / 2.0
    half = _HEIGHT * float(high[1] - low[1]) / 2.0
    distance = half / np.tan(camera.field_of_view / 2.0)
    return camera.replace(target=tuple(float(value) for value in middle), distance=float(distance))


class PictureCache:
    """Thumbnails as PNG files in one folder; whatever goes wrong with it, it only forgets."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._written = 0

    def read(self, key: str) -> Image | None:
        """The picture kept under ``key``; None where there is none that can be used."""
        from PIL import Image as Pillow

        path = self._path(key)
        with suppress(StudioError, OSError, ValueError, SyntaxError, Pillow.DecompressionBombError):
            if path.stat().st_size > _LARGEST_FILE:
                return None
            with Pillow.open(io.BytesIO(read_bytes(path)), formats=("PNG",)) as image:
                if image.size == (SIDE, SIDE):
                    return np.asarray(image.convert("RGBA"))
        return None

    def write(self, key: str, picture: Image) -> None:
        """Keep ``picture`` under ``key``."""
        from PIL import Image as Pillow

        with suppress(StudioError, OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            write_atomically(self._path(key), lambda stream: Pillow.fromarray(picture).save(stream, "PNG"))
            self._written += 1
            if self._written % 100 == 1:
                self._prune()

    def _prune(self) -> None:
        files = [(path.stat().st_mtime, path) for path in self.folder.glob("*.png")]
        if len(files) > MOST_FILES:
            for _, path in sorted(files)[: len(files) - _PRUNED_TO]:
                path.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.png"
