"""Clips of any length: frames are read when they are asked for."""

from __future__ import annotations

import operator
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol, Self

import numpy as np

from studio.flame.model import HeadModel
from studio.flame.params import FloatArray, Params, same_array
from studio.sequence.adapt import Adapt, finished_report, on_model
from studio.sequence.clip import Clip, Frames, between
from studio.sequence.frame_cache import FRAMES_KEPT, FrameCache
from studio.sequence.readers import Reader


class FrameSource(Frames, Protocol):
    """Frames over time, in memory (:class:`studio.sequence.clip.Clip`) or not (:class:`ClipStream`)."""

    @property
    def fps(self) -> float:
        """Frames per second."""

    def at(self, position: float) -> Params:
        """The parameters at fractional frame ``position``, held at both ends."""

    def blocks(self, size: int) -> Iterator[Clip]:
        """All frames in order, at most ``size`` at a time, of one identity."""


def open_clip(
    path: Path | str,
    model: HeadModel,
    kept: int = FRAMES_KEPT,
    fill: bool = False,
    adapt: Adapt = on_model,
) -> ClipStream:
    """The clip at ``path`` (as :func:`studio.sequence.files.read_clip` takes it) on ``model``.

    Opening reads labels, sizes and two frames; text and objects are read as a whole. The clip is to be
    closed, or used in a ``with`` statement.

    Args:
        path: a file, a folder, or a pattern.
        model: the head model that it is shown on.
        kept: how many frames are kept once they were asked for.
        fill: make numbers that are not finite from the frames around them; all of it is read for that.
        adapt: as :func:`studio.sequence.files.read_clip` takes it.

    Raises:
        StudioError: it cannot be read, is no clip, or its first frames hold what no head can take.

    """
    path = Path(path)
    from studio.sequence.opened import open_reader  # all layouts: not for the window to stand

    reader = open_reader(path, fill)
    try:
        return ClipStream(reader, model, kept, adapt)
    except BaseException:
        reader.close()
        raise


class ClipStream:
    """A clip that stays in its files; numbers are those that :func:`read_clip` gives.

    Every access costs the same, wherever in the clip it is and however long that is. Frames of one
    identity, that of the first. May be used from several threads.
    """

    def __init__(
        self, reader: Reader, model: HeadModel, kept: int = FRAMES_KEPT, adapt: Adapt = on_model
    ) -> None:
        """Take ``reader`` over, and read the first frames.

        Raises:
            StudioError: they cannot be read, or hold what no head can take.

        """
        self._reader = reader
        self._model = model
        self._adapt = adapt
        self._count = len(reader)
        first = reader.recording(0, min(2, self._count))
        clip, notices = adapt(first, model, reader.label)
        self.report = finished_report(first, clip, notices)
        self.recorded = first  # the first frames in their own sizes, with all labels
        self._shape, self._fps, self._static = clip.shape, clip.fps, clip.static_offset
        self._told = list(dict.fromkeys(notices))
        self._telling = threading.Lock()
        self._cache: FrameCache[Params] = FrameCache(self._read, self._count, kept)

    def __len__(self) -> int:
        """T."""
        return self._count

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def fps(self) -> float:
        """Frames per second."""
        return self._fps

    @property
    def duration(self) -> float:
        """Seconds from the first frame's start to the last frame's end."""
        return self._count / self._fps

    @property
    def shape(self) -> FloatArray:
        """The identity (S,) of all frames."""
        return self._shape

    @property
    def notices(self) -> list[str]:
        """Sentences on what differs from the files, as far as they were read."""
        with self._telling:
            return list(self._told)

    @property
    def kept(self) -> int:
        """How many frames are kept once they were asked for."""
        return self._cache.size

    @kept.setter
    def kept(self, count: int) -> None:
        self._cache.size = count

    def frame(self, index: int) -> Params:
        """The parameters of frame ``index`` (0..T-1).

        Raises:
            IndexError: there is no such frame.
            StudioError: it cannot be read, or holds what no head can take.
            ValueError: the clip is closed.

        """
        index = operator.index(index)
        self._cache.aim(index)
        return self._cache.frame(index)

    def at(self, position: float) -> Params:
        """The parameters at fractional frame ``position``, as :meth:`studio.sequence.clip.Clip.at`.

        Raises:
            ValueError: ``position`` is not a number, or the clip is closed.
            StudioError: a frame cannot be read, or holds what no head can take.

        """
        params = between(self._cache, position)
        self._cache.aim(int(min(max(position, 0.0), self._count - 1.0)))
        return params

    def blocks(self, size: int) -> Iterator[Clip]:
        """All frames in order, at most ``size`` at a time, of one identity; nothing is kept.

        Raises:
            StudioError: frames cannot be read, or hold what no head can take.

        """
        for start in range(0, self._count, size):
            yield self._block(start, min(start + size, self._count))

    def close(self) -> None:
        """Stop reading ahead and let the files go."""
        self._cache.close()
        self._reader.close()

    def _read(self, indices: range) -> list[Params]:
        return list(self._block(indices.start, indices.stop).frames())

    def _block(self, start: int, stop: int) -> Clip:
        recording = self._reader.recording(start, stop)
        if not np.array_equal(recording.shape, self.recorded.shape):
            self._tell(
                f"{self._reader.label} changes the identity over time; that of its first frame is used."
            )
            recording = replace(recording, shape=self.recorded.shape)
        clip, notices = self._adapt(recording, self._model, self._reader.label)
        self._tell(*notices)
        still = self._static if same_array(clip.static_offset, self._static) else clip.static_offset
        return clip.replace(shape=self._shape, static_offset=still, fps=self._fps)

    def _tell(self, *notices: str) -> None:
        with self._telling:
            self._told += [notice for notice in dict.fromkeys(notices) if notice not in self._told]
