"""Vertices over time as programs keep them beside a mesh: MDD and PC2.

MDD (LightWave's Motion Designer): big-endian; the numbers of frames and of points as int32, the time of each
frame in seconds as float32, then the points of each frame. PC2 (3ds Max's Point Cache 2): little-endian;
``POINTCACHE2``, its version, the number of points, the first frame and the frames between two samples as
float32, the number of samples, then the points of each.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from studio.backends.base import Backend, Surface
from studio.export.surface_stream import surfaces_of
from studio.export.target import check_format, check_target
from studio.jobs.job import Cancelled, Progress, Report
from studio.sequence.stream import FrameSource
from studio.storage.atomic import write_atomically

CACHES = (".mdd", ".pc2")
PC2_SIGNATURE, PC2_VERSION = b"POINTCACHE2\x00", 1


@dataclass(frozen=True, eq=False)
class VertexCacheJob:
    """Save the vertices of every frame, in metres and in the model's order, by the ending of ``path``."""

    backend: Backend
    frames: FrameSource
    path: Path
    name: str = "Vertex cache"

    def run(self, progress: Report, cancelled: Cancelled) -> Path:
        """The path written.

        Raises:
            JobCancelled: it was asked to stop; nothing is written.
            StudioError: the format is not known, or it cannot be written.

        """
        suffix = check_format(self.path, CACHES, "a vertex cache")
        count, points = len(self.frames), self.backend.model.vertex_count
        check_target(self.path, 12 * count * points)
        header, order = {
            ".mdd": (mdd_header(count, points, self.frames.fps), ">f4"),
            ".pc2": (pc2_header(count, points), "<f4"),
        }[suffix]
        surfaces = surfaces_of(self.backend, self.frames, progress, cancelled)
        write_atomically(self.path, _writer(header, order, surfaces))
        progress(Progress(count, count, "Vertex cache saved"))
        return self.path


def _writer(header: bytes, order: str, surfaces: Iterator[Surface]) -> Callable[[IO[bytes]], None]:
    def write(stream: IO[bytes]) -> None:
        stream.write(header)
        for surface in surfaces:
            stream.write(surface.vertices.astype(order).tobytes())

    return write


def mdd_header(frames: int, points: int, fps: float) -> bytes:
    """What an MDD file begins with."""
    return struct.pack(">ii", frames, points) + (np.arange(frames) / fps).astype(">f4").tobytes()


def pc2_header(frames: int, points: int) -> bytes:
    """What a PC2 file begins with: one sample a frame, from frame 0 on."""
    return struct.pack("<12siiffi", PC2_SIGNATURE, PC2_VERSION, points, 0.0, 1.0, frames)
