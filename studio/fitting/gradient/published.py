"""The published photometric fit as it is, in its own units, beside which others are judged.

Feng, "photometric_optimization" (2019): scaled orthography on a picture of 224 pixels in -1..1, y down;
translation before scale; landmarks by their mean distance, the picture by the mean absolute difference of
display values over all of it; nothing but texture coordinates carries its gradient to the head, and
nothing is bounded.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Precision
from studio.backends.decoding import BatchDecoder
from studio.document.photo_camera import PhotoCamera
from studio.fitting.gradient import picture_terms
from studio.fitting.gradient.adam import Adam
from studio.fitting.gradient.appearance import appearance_of, to_display
from studio.fitting.gradient.arrays import Variables, arrays_of
from studio.fitting.gradient.covered import cover
from studio.fitting.gradient.crops import Crop, crop
from studio.fitting.gradient.part import whole_part
from studio.fitting.gradient.picture_terms import Uploaded
from studio.fitting.gradient.variables import Values, array_of, limits_of
from studio.fitting.observation import Box, Landmarks2D, Observation
from studio.fitting.problem import Problem
from studio.fitting.recipe import Stage, Term
from studio.fitting.state import FitState
from studio.flame.landmark_sets import landmark_set
from studio.flame.landmarks import CONTOUR_COUNT, contour_row
from studio.flame.params import Params
from studio.flame.texture_spaces import to_srgb
from studio.storage.errors import StudioError

if TYPE_CHECKING:
    from studio.backends.base import Backend

STEP = 5e-3
START = (5.0, 0.0, 0.0)  # scale, and translation to the right and up, in metres
TINY = 1e-12
FIELDS = ("shape", "expr", "rotation", "jaw_pose")


@dataclass(eq=False)
class _Photo:
    """One photo in the published units."""

    crop: Crop
    display: NDArray[np.float32]  # (n, n, 3)
    targets: Any  # (2, L) -1..1, y down
    known: Any  # (L,) 1 / number of the points that count, or 0
    covered: Uploaded | None = None
    dark: float = 0.0  # what the pixels without a head cost


class PublishedSolver:
    """One stage of the published fit; its first one begins as it does, whatever ``states`` are."""

    def __init__(
        self,
        problem: Problem,
        stage: Stage,
        states: tuple[FitState, ...],
        backend: Backend,
        precision: Precision = "float32",
    ) -> None:
        """Begin the stage.

        Raises:
            StudioError: a photo has no landmarks, or the model none of the 68.

        """
        self._problem, self._stage, self._backend = problem, stage, backend
        self.arrays, model = arrays_of(backend, precision), problem.model
        marks = landmark_set(model, "68")
        if marks is None:
            raise StudioError(f"{model.name} has no landmarks, which the published fit needs.")
        self._marks = marks
        self._part = whole_part(model)
        basis = self.arrays.upload(self._part.assembly.basis)
        self._decode = BatchDecoder(self._part.assembly, self.arrays.library, basis, "screen")
        whole = np.ones(len(model.faces), bool)
        count = problem.recipe.texture_count
        self._look = appearance_of(model, states[0].texture_key, count, whole, nearest=True)
        self._texels = tuple(
            self.arrays.upload(part) for part in (self._look.mean, self._look.basis, self._look.number)
        )
        self._around = self.arrays.upload(np.ascontiguousarray(self._part.around.T).reshape(-1))
        self.photos = [self._photo(observation) for observation in problem.observations]
        first = problem.recipe.stages[0]
        is_first = stage.replace(weights=first.weights) == first
        self._states = tuple(self._begun(state) if is_first else state for state in states)
        rows = [self._row(state, photo.crop) for state, photo in zip(self._states, self.photos, strict=True)]
        self.values: Values = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
        steps = {variable: stage.steps.get(variable, STEP) for variable in stage.moves}
        self._limits = limits_of(
            problem, stage.replace(steps=steps), self.values, self._look.ranges, is_free=True
        )
        self.moving = [name for name in map(array_of, stage.moves) if name in self._limits.steps]
        self._adam, self._corners = Adam(), self._contours()

    def _begun(self, state: FitState) -> FitState:
        """The published start: all is 0 but the scale, and the light is out."""
        zeros = np.zeros(self._look.count)
        params = Params.neutral(self._problem.model)
        camera = state.camera.replace(projection="orthographic", scale=0.0)
        return FitState(params, camera, np.zeros((9, 3)), self._look.key, zeros)

    def _row(self, state: FitState, picture: Crop) -> dict[str, NDArray]:
        found = {name: getattr(state.params, name).astype(np.float64) for name in FIELDS}
        camera = state.camera
        if camera.scale > 0.0:
            left, top, half = _middle(picture)
            x, y = (camera.cx - left) / camera.scale, (top - camera.cy) / camera.scale
            found["place"] = np.array([camera.scale / half, camera.place[0] + x, camera.place[1] + y])
        else:
            found["place"] = np.array(START)
        found["texture"] = np.zeros(self._look.count)
        found["texture"][: len(state.texture)] = state.texture[: self._look.count]
        return found | {"light": state.light.astype(np.float64)}

    def _photo(self, observation: Observation) -> _Photo:
        landmarks = observation.landmarks
        if landmarks is None or landmarks.set_name != "68" or not landmarks.known.any():
            raise StudioError(
                f"{observation.name} has none of the 68 landmarks that the published fit needs."
            )
        picture = crop(observation, _box(landmarks), self._stage.size, margin=0.0)
        left, top, half = _middle(picture)
        targets = (np.where(landmarks.known[:, None], landmarks.points, 0.0) - (left, top)) / half
        known = landmarks.known.astype(np.float64)
        if self._stage.weight("contour", 1.0) == 0.0:
            known[:CONTOUR_COUNT] = 0.0
        display = to_srgb(picture.light.astype(np.float64)).astype(np.float32)
        upload = self.arrays.upload
        return _Photo(picture, display, upload(targets.T), upload(known / max(known.sum(), 1.0)))

    def _contours(self) -> list[Any]:
        """The corners and weights of the 68 points of each head by its yaw."""
        found = []
        for rotation in self.values["rotation"]:
            row = int(contour_row(rotation, np.zeros(3)))
            corners = np.ascontiguousarray(self._marks.corners[row].T).reshape(-1).astype(np.int64)
            shares = np.ascontiguousarray(self._marks.barycentric[row].T)
            found.append((self.arrays.upload(corners), self.arrays.upload(shares)))
        return found

    def states(self) -> tuple[FitState, ...]:
        """Where the fit is, a state for each observation."""
        found = []
        for index, (state, photo) in enumerate(zip(self._states, self.photos, strict=True)):
            left, top, half = _middle(photo.crop)
            scale, x, y = self.values["place"][index].tolist()
            camera = state.camera.replace(
                projection="orthographic", scale=scale * half, cx=left, cy=top, place=(x, y, 0.0)
            )
            params = state.params.replace(**{name: self.values[name][index] for name in FIELDS})
            light, texture = (self.values[name][index].copy() for name in ("light", "texture"))
            found.append(FitState(params, camera, light, self._look.key, texture))
        return tuple(found)

    def step(self) -> Mapping[Term, float]:
        """Go one step; the costs before it."""
        if self._stage.weight("photo") > 0.0:
            for state, photo in zip(self.states(), self.photos, strict=True):
                self._cover(state, photo)
        moving = {name: self.values[name] for name in self.moving}
        found, slopes = self.arrays.gradient(self.cost, moving)
        decay = self._stage.weight("decay")
        costs = {name: float(value) for name, value in found.items()}
        costs["decay"] = 0.5 * decay * sum(float((value**2).sum()) for value in moving.values())
        if all(math.isfinite(cost) for cost in costs.values()):
            slopes = {name: slope + decay * moving[name] for name, slope in slopes.items()}
            self.values = self._limits.stepped(self.values, self._adam.steps(slopes), 1.0)
            self._corners = self._contours()
        return costs  # type: ignore[return-value]

    def _cover(self, state: FitState, photo: _Photo) -> None:
        vertices = self._backend.forward(state.params).vertices
        camera: PhotoCamera = photo.crop.camera(state.camera)
        found = cover(self._problem.model, self._part, vertices, photo.crop, camera, with_edges=True)
        lit = np.where((photo.crop.mask > 0.0)[..., None], photo.display, 0.0).reshape(-1, 3)
        photo.dark = float(lit.sum() - lit[found.places].sum()) / lit.size
        photo.covered = picture_terms.upload(self.arrays, found) if len(found.places) else None

    def cost(self, moving: Variables) -> tuple[Any, dict[str, Any]]:
        """The sum of the terms without decay, and each of them."""
        arrays, stage = self.arrays, self._stage
        held = {name: arrays.upload(self.values[name]) for name in self.values if name not in moving}
        values = {**held, **moving}
        still = arrays.upload(np.zeros((len(self.photos), 9)))
        pose = arrays.xp.concatenate([values["rotation"], still[:, :3], values["jaw_pose"], still[:, :6]], 1)
        vertices, _ = self._decode(values["shape"], values["expr"], pose)
        costs: dict[str, Any] = {}
        for index, photo in enumerate(self.photos):
            place = values["place"][index]
            x, y = (place[0] * (vertices[index, :, axis] + place[1 + axis]) for axis in range(2))
            points = arrays.xp.stack([x, -y])
            _add(costs, "landmarks", stage.weight("landmarks") * self._missed(index, photo, points))
            if stage.weight("photo") > 0.0:
                of_photo = photo.dark + self._picture(values, index, photo, points, vertices[index])
                _add(costs, "photo", stage.weight("photo") * of_photo)
        for term, name in (("shape", "shape"), ("expression", "expr")):
            if stage.weight(term) > 0.0 and name in moving:  # type: ignore[arg-type]
                squares = (values[name] * values[name]).sum()
                costs[term] = 0.5 * stage.weight(term) * squares  # type: ignore[arg-type]
        total = sum(list(costs.values())[1:], next(iter(costs.values())))
        return total, costs

    def _missed(self, index: int, photo: _Photo, points: Any) -> Any:
        """The mean distance of the landmarks, in halves of the picture."""
        corners, shares = self._corners[index]
        at = self.arrays.take(points, corners).reshape(2, 3, -1)
        off = (at * shares[None]).sum(1) - photo.targets
        return (self.arrays.xp.sqrt((off * off).sum(0) + TINY) * photo.known).sum()

    def _picture(self, values: Variables, index: int, photo: _Photo, points: Any, vertices: Any) -> Any:
        """The mean over all pixels of the absolute differences of those that show the head."""
        arrays, covered, look, xp = self.arrays, photo.covered, self._look, self.arrays.xp
        if covered is None:
            return 0.0 * points.sum()
        half = photo.crop.side / 2.0
        flat = xp.stack([points[0] * half, -points[1] * half, xp.ones_like(points[0])])
        weights = picture_terms.shares(arrays, flat, covered)
        count = len(self._part.vertices)
        normals = picture_terms.vertex_normals(arrays, arrays.hold(vertices).T, self._around, count)
        across = picture_terms.across(arrays, normals, arrays.hold(weights), covered)
        unit = across / xp.sqrt((across * across).sum(0) + TINY)
        shade = values["light"][index].T @ picture_terms.harmonics(xp, unit)
        mean, basis, number = self._texels
        texels = to_display(xp, look.values(mean, basis, values["texture"][index]), look.space)
        albedo = picture_terms.sample(arrays, texels, number, look.side, weights, covered)
        seen = _display(xp, covered.light)
        return xp.abs(albedo * shade - seen).sum() * (1.0 / photo.display.size)

    def reweigh(self, weights: Mapping[Term, float]) -> None:
        """Go on with other weights."""
        self._stage = self._stage.replace(weights=weights)

    @property
    def finished(self) -> bool:
        """Never before its iterations are done."""
        return False


def _display(xp: Any, light: Any) -> Any:
    curved = 1.055 * xp.clip(light, 0.0031308, 1.0) ** (1.0 / 2.4) - 0.055
    return xp.where(light <= 0.0031308, light * 12.92, curved)


def _add(costs: dict[str, Any], term: str, cost: Any) -> None:
    costs[term] = costs[term] + cost if term in costs else cost


def _middle(picture: Crop) -> tuple[float, float, float]:
    """The middle of the picture and half its side, in pixels of the photo."""
    half = 0.5 * picture.side / picture.factor
    return picture.left + half, picture.top + half, half


def _box(landmarks: Landmarks2D) -> Box:
    """The part of the photo that FFHQ takes, upright (Karras et al. 2019, appendix A)."""
    known, points = landmarks.known, landmarks.points
    if known[36:48].all() and known[[48, 54]].all():
        right, left, mouth = points[36:42].mean(0), points[42:48].mean(0), points[[48, 54]].mean(0)
        eyes, down = 0.5 * (right + left), mouth - 0.5 * (right + left)
        half = max(2.0 * float(np.linalg.norm(left - right)), 1.8 * float(np.linalg.norm(down)))
        middle = eyes + 0.1 * down
    else:
        low, high = points[known].min(axis=0), points[known].max(axis=0)
        half, middle = float((high - low).max()), 0.5 * (low + high)
    x, y = middle.tolist()
    return x - half, y - half, x + half, y + half
