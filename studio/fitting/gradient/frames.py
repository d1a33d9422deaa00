"""The photos of a fit: their working pictures, and what of the head they show while it moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from studio.fitting.gradient.arrays import Arrays
from studio.fitting.gradient.covered import Covered, cover
from studio.fitting.gradient.crops import Crop, crop
from studio.fitting.gradient.head import Anchor
from studio.fitting.gradient.landmark_terms import points_of, row_of
from studio.fitting.gradient.objective import FrameData
from studio.fitting.gradient.outline import distance_field, outline_of
from studio.fitting.gradient.part import Part
from studio.fitting.gradient.picture_terms import upload
from studio.fitting.marks import eye_pixels, marks_of
from studio.fitting.observation import Box
from studio.fitting.problem import Problem
from studio.fitting.projection import project
from studio.fitting.recipe import Stage
from studio.fitting.state import FitState

if TYPE_CHECKING:
    from studio.backends.base import Backend, Surface

STALE = 0.5  # pixels of the working picture that the head may move before it is rasterized again
SOFT, HARD = 0.3, 0.04  # of linear light: the largest and the least difference that is an outlier
OUTLYING = 3.0  # of the median difference
Array = NDArray[np.float64]


class Frames:
    """The photos of one stage."""

    def __init__(
        self,
        problem: Problem,
        stage: Stage,
        part: Part,
        arrays: Arrays,
        backend: Backend,
        anchor: Anchor,
    ) -> None:
        """Nothing is looked at yet."""
        self._problem, self._stage, self._part = problem, stage, part
        self._arrays, self._backend, self._anchor = arrays, backend, anchor
        self._looks = stage.weight("photo") > 0.0
        self._outlines = outlines(problem, stage)
        self.crops: list[Crop] = []
        self._fields: dict[int, NDArray[np.float32]] = {}
        self._rows = [-1] * len(problem.observations)
        self._seen_at: NDArray | None = None
        self.covered: list[Covered] = []
        self.data: list[FrameData] = []
        self.anchors: Array = np.zeros((len(problem.observations), 3))

    def look(self, states: tuple[FitState, ...]) -> None:
        """Take in where the heads of ``states`` are: their landmarks, and the pixels that they cover."""
        surfaces = [self._surface(state) for state in states]
        self.anchors = np.stack([self._anchor.of(surface.vertices) for surface in surfaces])
        if not self.data:
            self.data = [FrameData(state.camera, scale=SOFT) for state in states]
            if self._looks or self._outlines:
                self._cut(states, surfaces)
        self.covered = []
        for index, (state, surface) in enumerate(zip(states, surfaces, strict=True)):
            if index in self._problem.held:
                continue
            self._place_landmarks(index, state)
            if index in self._fields:
                self._draw_outline(index, state, surface)
            if self._looks:
                picture = self.crops[index]
                camera = picture.camera(state.camera)
                found = cover(self._problem.model, self._part, surface.vertices, picture, camera)
                self.covered.append(found)
                self.data[index].covered = upload(self._arrays, found) if len(found.face) else None
        self._seen_at = None

    def follow(
        self, points: NDArray, near: tuple[FitState, ...], exact: Callable[[], tuple[FitState, ...]]
    ) -> None:
        """Look again where the head moved on.

        Args:
            points: (B, 2, n) its vertices in pixels of the photo.
            near: where the heads are, with the places of the last look's middles.
            exact: gives where they are.

        """
        if self._seen_at is None:
            self._seen_at = points
        factors = np.array([frame.factor for frame in self.data])
        moved = np.abs(points - self._seen_at).max(axis=(1, 2)) * factors
        if (self._looks or self._outlines) and (moved > STALE).any():
            self.look(exact())
            self._seen_at = points
            return
        for index, state in enumerate(near):
            if index not in self._problem.held and self._row(index, state) != self._rows[index]:
                self._place_landmarks(index, state)

    def reweigh(self, stage: Stage, states: tuple[FitState, ...]) -> None:
        """Let the landmarks of ``states`` count by the factors of ``stage`` from now on."""
        self._stage = stage
        for index, state in enumerate(states):
            if index not in self._problem.held:
                self._place_landmarks(index, state)

    def harden(self, index: int, squares: NDArray) -> None:
        """Let a photo's differences count as its squared ones (N,) are spread: what stands out is no skin."""
        usual = float(np.sqrt(np.median(squares))) if len(squares) else SOFT
        self.data[index].scale = min(max(OUTLYING * usual, HARD), SOFT)

    def anchors_of(self, states: tuple[FitState, ...]) -> Array:
        """The middles (B, 3) of the heads of ``states``."""
        return np.stack([self._anchor.of(self._surface(state).vertices) for state in states])

    def _surface(self, state: FitState) -> Surface:
        return self._backend.forward(state.params)

    def _cut(self, states: tuple[FitState, ...], surfaces: list[Surface]) -> None:
        for index, (state, surface) in enumerate(zip(states, surfaces, strict=True)):
            skin = surface.vertices[self._part.vertices].astype(np.float64)
            self.crops.append(
                crop(
                    self._problem.observations[index], _box(project(state.camera, skin)[0]), self._stage.size
                )
            )
            self.data[index].factor = self.crops[-1].factor
            mask = self._problem.observations[index].mask
            if self._outlines and mask is not None:
                self._fields[index] = distance_field(mask, self.crops[-1])

    def _draw_outline(self, index: int, state: FitState, surface: Surface) -> None:
        picture, model = self.crops[index], self._problem.model
        self.data[index].outline = outline_of(
            self._arrays,
            model,
            self._part,
            surface.vertices,
            picture,
            picture.camera(state.camera),
            self._fields[index],
            eye_pixels(model, marks_of(model, "68"), state.camera) * picture.factor,
        )

    def _row(self, index: int, state: FitState) -> int:
        """Of the contour by the yaw; -1 without landmarks."""
        landmarks = self._problem.observations[index].landmarks
        if landmarks is None or not landmarks.known.any():
            return -1
        return row_of(self._problem.model, landmarks, state.params, state.camera)

    def _place_landmarks(self, index: int, state: FitState) -> None:
        model, landmarks = self._problem.model, self._problem.observations[index].landmarks
        self._rows[index] = self._row(index, state)
        if landmarks is None or self._rows[index] < 0:
            return
        points = points_of(model, landmarks, self._stage, state.params, state.camera)
        data, arrays = self.data[index], self._arrays
        data.corners = arrays.upload(self._part.number[points.corners])
        data.shares, data.targets = arrays.upload(points.shares), arrays.upload(points.targets)
        data.weights, data.gaze = arrays.upload(points.weights), arrays.upload(points.gaze)
        data.unit = points.unit


def outlines(problem: Problem, stage: Stage) -> bool:
    """Whether ``stage`` looks at the outline of a head: that needs a mask."""
    masked = any(photo.mask is not None for photo in problem.observations)
    return masked and stage.weight("silhouette") > 0.0


def _box(points: Array) -> Box:
    low, high = points.min(axis=0), points.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
