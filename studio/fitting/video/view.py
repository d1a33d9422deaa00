"""The part of a frame around the face, small, as a photo of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studio.document.photo_camera import PhotoCamera
from studio.fitting.observation import Box, Landmarks2D, Observation
from studio.fitting.state import FitState

SIDE = 320  # pixels of a view, at most
MARGIN = 0.45  # of the landmarks' longer side, on every side: the brow, and what the head moves in a frame
JPEG = 95


@dataclass(frozen=True, eq=False)
class View:
    """Pixels of a square of a frame; places in it are (place in the frame - corner) times ``factor``."""

    pixels: NDArray[np.uint8]  # (n, n, 3) sRGB; black beyond the frame
    left: float  # pixels of the frame
    top: float
    factor: float

    def points(self, points: NDArray) -> NDArray[np.float64]:
        """Places (N, 2) of the frame in the view."""
        return np.asarray((points - (self.left, self.top)) * self.factor)

    def back(self, points: NDArray) -> NDArray[np.float64]:
        """Places (N, 2) of the view in the frame."""
        return np.asarray(points / self.factor + (self.left, self.top))

    def state(self, state: FitState) -> FitState:
        """``state`` before the view's camera where its own is the frame's."""
        height, width = self.pixels.shape[:2]
        camera = state.camera.cropped(self.left, self.top, self.factor, width, height)
        return state.replace(camera=camera)

    def state_back(self, state: FitState, camera: PhotoCamera) -> FitState:
        """``state`` before the frame's ``camera``, as far from it as it is from the view's."""
        own = state.camera
        return state.replace(
            camera=camera.replace(
                place=own.place, focal=own.focal / self.factor, scale=own.scale / self.factor
            )
        )

    def observation(self, name: str, landmarks: Landmarks2D | None, focal: float | None) -> Observation:
        """The view as a photo with ``landmarks`` of the frame."""
        if landmarks is not None:
            landmarks = replace(landmarks, points=self.points(landmarks.points))
        return Observation(name, self.pixels, landmarks, focal=None if focal is None else focal * self.factor)


def square_around(points: NDArray[np.float64]) -> Box:
    """A square with room around landmarks (N, 2), left, top, right, bottom."""
    low, high = points.min(axis=0), points.max(axis=0)
    middle, half = (low + high) / 2.0, (0.5 + MARGIN) * max(float((high - low).max()), 8.0)
    return (
        float(middle[0] - half),
        float(middle[1] - half),
        float(middle[0] + half),
        float(middle[1] + half),
    )


def view_of(frame: NDArray[np.uint8], square: Box) -> View:
    """The part ``square`` of ``frame`` (H, W, 3); not larger than the frame has it."""
    import cv2

    side = square[2] - square[0]
    factor = min(SIDE / side, 1.0)
    count = max(round(side * factor), 8)
    factor = count / side
    # an area mean first, or fine patterns would swim from frame to frame
    if factor < 0.5:
        step = int(1.0 / factor)
        small = cv2.resize(frame, None, fx=1.0 / step, fy=1.0 / step, interpolation=cv2.INTER_AREA)
        across, down = small.shape[1] / frame.shape[1], small.shape[0] / frame.shape[0]
    else:
        small, across, down = frame, 1.0, 1.0
    # OpenCV has the centre of the first pixel at 0
    sides = np.array([factor / across, factor / down])
    moved = -np.array(square[:2]) * factor + 0.5 * sides - 0.5
    matrix = np.array([[sides[0], 0.0, moved[0]], [0.0, sides[1], moved[1]]])
    pixels = cv2.warpAffine(np.ascontiguousarray(small), matrix, (count, count), flags=cv2.INTER_LINEAR)
    return View(np.asarray(pixels, np.uint8), square[0], square[1], factor)


def same_window(view: View, window: View) -> NDArray[np.uint8]:
    """What ``view`` shows in the place and size of ``window``, pixels of its own size."""
    import cv2

    scale = window.factor / view.factor
    shift = [(view.left - window.left) * window.factor, (view.top - window.top) * window.factor]
    moved = np.array(shift) + 0.5 * scale - 0.5
    matrix = np.array([[scale, 0.0, moved[0]], [0.0, scale, moved[1]]])
    size = window.pixels.shape[1], window.pixels.shape[0]
    return np.asarray(cv2.warpAffine(view.pixels, matrix, size, flags=cv2.INTER_LINEAR), np.uint8)
