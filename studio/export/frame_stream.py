"""An animation for Pillow whose frames are made while they are written."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image


class FrameStream(Image.Image):
    """``count`` frames (H, W, 4) of which one is in memory at a time; can be gone through once.

    Frames without a transparent pixel in the first one are taken as opaque throughout.
    """

    def __init__(self, frames: Iterator[NDArray[np.uint8]], count: int) -> None:
        super().__init__()
        self._frames = frames
        self._index = 0
        self.n_frames = count
        first = next(frames)
        self._channels = 4 if (first[..., 3] < 255).any() else 3
        self._show(first)

    def _show(self, frame: NDArray[np.uint8]) -> None:
        image = Image.fromarray(np.ascontiguousarray(frame[..., : self._channels]))
        self.im, self._mode, self._size = image.im, image.mode, image.size

    def seek(self, frame: int) -> None:
        """Take the next frame; going back, which writers do when they are done, changes nothing."""
        if frame > self._index:
            self._index = frame
            self._show(next(self._frames))

    def tell(self) -> int:
        """Index of the frame in memory."""
        return self._index
