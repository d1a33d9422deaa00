"""Maps of a head seen by a calibrated camera: pictures of one map, or npz files of all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from studio.backends.base import Backend, Surface
from studio.backends.processors import processor_count
from studio.export.film_formats import is_numbered
from studio.export.films import numbered, scratch_folder
from studio.export.note import licence_note
from studio.export.target import check_format, check_target
from studio.jobs.job import Cancelled, Progress, Report, check
from studio.render.map_pictures import picture_of
from studio.render.maps import BYTES_A_PIXEL, MOST_MEMORY, HeadView, Space, most_at_once, region_names
from studio.render.pinhole import PinholeCamera
from studio.render.threads import in_order
from studio.sequence.stream import FrameSource
from studio.storage.arrays import npz_bytes
from studio.storage.atomic import write_atomically
from studio.storage.errors import StudioError
from studio.storage.png import png_bytes

MAP_FILES = (".png", ".npz")
BYTES_OF_ALL = 192  # a pixel, while all maps are held and packed


@dataclass(frozen=True, eq=False)
class MapsJob:
    """Save what ``camera`` sees of ``clip``: one frame, or with "%05d" in the name every frame.

    A png is one map as :func:`studio.render.map_pictures.picture_of` encodes it. An npz holds them all:
    ``normal (H, W, 3)`` in ``space``, ``depth (H, W)``, ``position (H, W, 3)``, ``barycentric (H, W, 3)``,
    ``uv (H, W, 2)`` where the model has texture coordinates, float32, NaN where there is no head (0 in
    barycentric); ``face_index (H, W)`` int32 and ``region (H, W)`` int16, -1 where there is none;
    ``region_names``; and the camera as ``K (3, 3)``, ``world_to_camera (4, 4)`` float64 by OpenCV's axes.

    ``backend`` belongs to the job while it runs.
    """

    backend: Backend
    clip: FrameSource
    camera: PinholeCamera
    path: Path
    kind: str = "normal"  # of a png: one of KINDS
    space: Space = "camera"  # of normals
    transparent: bool = False  # a png gets an alpha channel
    frame: int = 0  # where only one is saved
    threads: int | None = None
    name: str = "Maps"

    @property
    def count(self) -> int:
        """How many files there will be."""
        return len(self.clip) if is_numbered(self.path) else 1

    def run(self, progress: Report, cancelled: Cancelled) -> Path:
        """The path written, or with "%05d" in it the pattern of those written.

        Raises:
            JobCancelled: it was asked to stop; nothing is left behind.
            StudioError: the format is not known, the picture is too large, the model lacks what the map
                shows, or it cannot be written.

        """
        suffix = check_format(self.path, MAP_FILES, "a map")
        check_target(self.path)
        each = self._memory(suffix)
        workers = most_at_once(each, processor_count() if self.threads is None else self.threads)
        sharing = 1 if workers > 1 and self.count > 1 else self.threads

        def made(surface: Surface) -> bytes:
            view = HeadView.take(self.backend.model, surface, self.camera, sharing)
            return self._picture(view) if suffix == ".png" else npz_bytes(self._arrays(view))

        progress(Progress(0, self.count, "Drawing maps"))
        files = in_order(made, self._surfaces(), workers, lambda: check(cancelled))
        if is_numbered(self.path):
            self._write_numbered(files, progress)
        else:
            content = next(files)
            check(cancelled)
            write_atomically(self.path, lambda stream: stream.write(content))
            progress(Progress(1, 1, "Drawing maps"))
        return self.path

    def _memory(self, suffix: str) -> int:
        """Bytes that one frame takes.

        Raises:
            StudioError: it is too much.

        """
        width, height = self.camera.size
        each = width * height * (BYTES_A_PIXEL if suffix == ".png" else BYTES_OF_ALL)
        if each > MOST_MEMORY:
            raise StudioError(
                f"{self.path.name} would take {each / 2**30:.0f} GiB of memory at {width}x{height} pixels; "
                "choose a smaller size."
            )
        return each

    def _surfaces(self) -> Iterator[Surface]:
        for index in range(len(self.clip)) if is_numbered(self.path) else (self.frame,):
            yield self.backend.forward(self.clip.frame(index))

    def _write_numbered(self, files: Iterator[bytes], progress: Report) -> None:
        """All files in a folder beside their target first, then moved to their names."""
        with scratch_folder(self.path) as folder:
            made = []
            for index, content in enumerate(files):
                made.append(folder / numbered(self.path.name, index))
                made[-1].write_bytes(content)
                progress(Progress(index + 1, self.count, "Drawing maps"))
            for file in made:
                os.replace(file, self.path.with_name(file.name))

    def _picture(self, view: HeadView) -> bytes:
        picture = picture_of(view, self.kind, self.space, self.transparent)
        text = {
            "Copyright": licence_note(view.model),
            "Description": picture.meaning,
            "Software": "FLAME Studio",
        }
        return png_bytes(picture.pixels, text, picture.palette)

    def _arrays(self, view: HeadView) -> dict[str, ArrayLike]:
        model, camera = view.model, self.camera.in_convention("opencv")
        textured = model.uv is not None and model.uv_faces is not None
        return {
            "normal": view.normal(self.space),
            "depth": view.depth(),
            "position": view.position(),
            "region": view.region(),
            **({"uv": view.uv()} if textured else {}),
            "face_index": view.face_index,
            "barycentric": view.barycentric,
            "region_names": np.array(region_names(model)),
            "space": np.array(self.space),
            "K": camera.intrinsics,
            "world_to_camera": camera.world_to_camera,
            "convention": np.array(camera.convention),
            "near": np.array(camera.near),
            "model_name": np.array(model.name),
            "model_digest": np.array(model.digest),
            "licence": np.array(licence_note(model)),
        }
