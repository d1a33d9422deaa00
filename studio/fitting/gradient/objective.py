"""What a stage makes small: the weighted terms of all photos, as one differentiable function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from studio.document.photo_camera import PhotoCamera
from studio.fitting.gradient import picture_terms
from studio.fitting.gradient.appearance import Appearance
from studio.fitting.gradient.arrays import Arrays, Variables
from studio.fitting.gradient.costs import Neighbours, head_costs, look_costs, temporal_cost
from studio.fitting.gradient.head import GEOMETRY, Head, placed
from studio.fitting.gradient.landmark_terms import errors
from studio.fitting.gradient.outline import Outline, outline_cost
from studio.fitting.gradient.picture_terms import Uploaded
from studio.fitting.recipe import Term
from studio.flame.model import HeadModel

FACTORS = frozenset(("contour", "eyes", "mouth"))  # terms that weigh others


@dataclass(eq=False)
class FrameData:
    """What is known of one photo, in the array library; the rasterizer's part changes as the head moves."""

    camera: PhotoCamera
    factor: float = 1.0  # pixels of the working picture for one of the photo
    corners: Any = None  # (3 L,) of the landmarks, in the part; None: there are none
    shares: Any = None  # (3, L)
    targets: Any = None  # (2, L)
    weights: Any = None  # (L,)
    gaze: Any = None  # (L,)
    unit: float = 1.0
    covered: Uploaded | None = None
    outline: Outline | None = None
    scale: float = 1.0  # of linear light: larger differences count hardly more


@dataclass(eq=False)
class Objective:
    """Called with what moves, it gives the sum to make small, and the terms that it is made of."""

    arrays: Arrays
    model: HeadModel
    head: Head
    frames: list[FrameData]
    held: Mapping[str, Any]  # what does not move
    translations: Any  # (B, 3)
    appearance: Appearance | None
    weights: Mapping[Term, float]
    around: Any = None  # (3 g,) the part's faces
    vertices: int = 0  # n
    neighbours: Neighbours | None = None
    _texels: tuple[Any, Any, Any] | None = field(default=None, init=False)
    _still: Any = field(default=None, init=False)
    squares: dict[int, Any] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Upload the appearance."""
        look = self.appearance
        if look is not None:
            self._texels = tuple(self.arrays.upload(part) for part in (look.mean, look.basis, look.number))

    def __call__(self, moving: Variables) -> tuple[Any, dict[str, Any]]:
        """The sum, and more by name.

        "cost TERM" is weighted, "points" (B, 2, n) are in pixels of the photo from its principal point,
        "squares B" (N,) are those of the differences of each photo.
        """
        values = {**self.held, **moving}
        found: dict[str, Any] = {}
        vertices = self._vertices(values, moving)
        anchors = self.head.anchors(vertices)
        costs = self._of_head(moving)
        places = []
        looks = self._albedos(values)
        for index, frame in enumerate(self.frames):
            of_head = vertices[min(index, vertices.shape[0] - 1)]
            anchor = anchors[min(index, anchors.shape[0] - 1)]
            points = placed(self.arrays, values, index, anchor, frame.camera, of_head)
            places.append(self.arrays.hold(points[:2] / points[2:3]))
            for term, cost in self._of_frame(values, index, frame, of_head, points, looks).items():
                costs[term] = costs[term] + cost if term in costs else cost
        total = None
        for term, cost in costs.items():
            weighted = cost * self.weights[term]
            found[f"cost {term}"] = weighted
            total = weighted if total is None else total + weighted
        found["points"] = self.arrays.xp.stack(places)
        found |= {f"squares {index}": squares for index, squares in self.squares.items()}
        if total is None:  # all weights were taken away: it stays where it is
            total = 0.0 * sum(value.sum() for value in moving.values())
        return total, found

    def _vertices(self, values: Variables, moving: Variables) -> Any:
        if GEOMETRY & moving.keys():
            return self.head.vertices(values, self.translations)
        if self._still is None:
            self._still = self.arrays.hold(self.head.vertices(values, self.translations))
        return self._still

    def _of_head(self, moving: Variables) -> dict[Term, Any]:
        found = head_costs(self.arrays, self.model, moving)
        found |= look_costs(self.arrays, moving, self.neighbours)
        if self._counts("temporal"):
            change = temporal_cost(self.arrays, self.model, moving)
            if change is not None:
                found["temporal"] = change
        return {term: cost for term, cost in found.items() if self._counts(term)}

    def _albedos(self, values: Variables) -> list[Any]:
        """The texels (3, M) of each person."""
        if self.appearance is None or not self._counts("photo"):
            return []
        assert self._texels is not None
        mean, basis, _ = self._texels
        found = []
        for person in range(values["texture"].shape[0]):
            texels = self.appearance.albedo(self.arrays, mean, basis, values["texture"][person])
            if "albedo" in values:
                texels = texels + values["albedo"][person]
            found.append(texels)
        return found

    def _of_frame(
        self, values: Variables, index: int, frame: FrameData, vertices: Any, points: Any, looks: list[Any]
    ) -> dict[Term, Any]:
        found: dict[Term, Any] = {}
        xp, share = self.arrays.xp, 1.0 / len(self.frames)
        if frame.corners is not None and (self._counts("landmarks") or self._counts("gaze")):
            corners = self.arrays.take(points, frame.corners)
            missed = errors(xp, corners, frame.shares, frame.targets, frame.unit)
            for term, weights in (("landmarks", frame.weights), ("gaze", frame.gaze)):
                if self._counts(term):  # type: ignore[arg-type]
                    found[term] = (missed * weights).sum() * share  # type: ignore[index]
        if frame.outline is not None and self._counts("silhouette"):
            found["silhouette"] = outline_cost(self.arrays, points, frame.outline) * share
        if frame.covered is not None and self._counts("photo"):
            look = looks[min(index, len(looks) - 1)]
            off = self.residuals(values, index, frame, vertices, points, look)
            squared = (off * off).sum(0)
            robust = squared / (1.0 + squared * (1.0 / frame.scale**2))
            self.squares[index] = self.arrays.hold(squared)
            found["photo"] = (robust * frame.covered.weight).sum() * (share / frame.covered.pixels)
        return found

    def _shares(self, points: Any, frame: FrameData) -> Any:
        scaled = self.arrays.xp.concatenate([points[:2] * frame.factor, points[2:3]])
        return picture_terms.shares(self.arrays, scaled, frame.covered)  # type: ignore[arg-type]

    def _albedo_at(self, texels: Any, weights: Any, covered: Uploaded) -> Any:
        assert self._texels is not None
        assert self.appearance is not None
        return picture_terms.sample(
            self.arrays, texels, self._texels[2], self.appearance.side, weights, covered
        )

    def residuals(
        self, values: Variables, index: int, frame: FrameData, vertices: Any, points: Any, texels: Any
    ) -> Any:
        """Rendered minus seen linear light (3, N) of the covered pixels of one photo."""
        arrays, covered = self.arrays, frame.covered
        assert covered is not None
        normals = picture_terms.vertex_normals(arrays, vertices.T, self.around, self.vertices)
        light = values["light"][index]
        shade = light.T @ picture_terms.harmonics(arrays.xp, normals)
        weights = self._shares(points, frame)
        shown = picture_terms.across(arrays, shade, weights, covered)
        return self._albedo_at(texels, weights, covered) * shown - covered.light

    def _counts(self, term: Term) -> bool:
        return self.weights.get(term, 0.0) > 0.0
