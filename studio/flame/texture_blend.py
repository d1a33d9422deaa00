"""Textures of changing coefficients, each made from the one before."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence

import numpy as np

from studio.flame.texture_model import Pixels, TextureComponent, TextureModel, mean_values

REMEMBERED = 3  # finished pictures
MOST_EDITS = 4096  # components added one by one before all are summed anew, so that roundings never gather

Coefficients = tuple[float, ...]
Bounds = tuple[int, int, int, int]  # top, bottom, left, right


class TextureBlender:
    """The pictures of one texture model; moving one coefficient costs what its component covers.

    May be used from several threads; the first picture that is not the mean's loads the compiled
    kernels (0.4 s; more where they must be compiled), so no window should wait for it.
    """

    def __init__(self, model: TextureModel) -> None:
        self._model = model
        self._lock = threading.Lock()
        self._pictures: OrderedDict[Coefficients, Pixels] = OrderedDict()
        self._mean = _mean_picture(model)
        self._state: np.ndarray | None = None
        self._applied = np.zeros(len(model.components))
        self._shown = self._mean
        self._edits = 0

    @property
    def is_whole(self) -> bool:
        """Whether its model has its components."""
        return len(self._model.components) == self._model.source.count

    def picture(self, coefficients: Sequence[float]) -> Pixels:
        """The texture (H, W, 3) sRGB, read-only, row 0 at v = 0; the same object for the same coefficients.

        Args:
            coefficients: in sigma; those left out are 0.

        Raises:
            ValueError: there are more coefficients than components, or one is no number.

        """
        wanted = trimmed(coefficients)
        if not np.isfinite(wanted).all():
            raise ValueError("A coefficient of a texture is not a finite number.")
        if len(wanted) > len(self._applied):
            raise ValueError(f"{len(wanted)} coefficients for {len(self._applied)} components.")
        if not wanted:
            return self._mean
        with self._lock:
            if wanted not in self._pictures:
                self._pictures[wanted] = self._blend(wanted)
                if len(self._pictures) > REMEMBERED:
                    self._pictures.popitem(last=False)
            self._pictures.move_to_end(wanted)
            return self._pictures[wanted]

    def _blend(self, wanted: Coefficients) -> Pixels:
        from studio.flame.texture_kernel import show_values

        targets = np.zeros(len(self._applied))
        targets[: len(wanted)] = wanted
        state, changed = self._moved(targets)
        space = self._model.space
        picture = self._shown.copy()
        top, bottom, left, right = self._bounds(changed)
        low, scale = np.float32(space.low), np.float32(space.scale)
        show_values(state, picture, space.table, low, scale, top, bottom, left, right)
        picture.setflags(write=False)
        self._shown = picture
        return picture

    def _moved(self, targets: np.ndarray) -> tuple[np.ndarray, list[int]]:
        """The sums (H, W, 3) at ``targets``, and which components they differ in from the last picture."""
        from studio.flame.texture_kernel import add_component

        changed = np.flatnonzero(targets != self._applied).tolist()
        state, amounts = self._state, targets - self._applied
        used = np.flatnonzero(targets).tolist()
        if state is None or self._edits > MOST_EDITS or len(used) < len(changed):
            state, amounts, self._edits = mean_values(self._model, np.float32), targets, 0
        added = changed if amounts is not targets else used
        for index in added:
            part = self._model.components[index]
            add_component(
                state, part.top, part.left, part.whole, part.steps, part.tint, np.float32(amounts[index])
            )
        self._state, self._applied = state, targets
        self._edits += len(added)
        return state, changed

    def _bounds(self, changed: Iterable[int]) -> Bounds:
        windows = [_window(self._model.components[index]) for index in changed]
        tops, bottoms, lefts, rights = zip(*windows, strict=True)
        return min(tops), max(bottoms), min(lefts), max(rights)


def trimmed(coefficients: Iterable[float]) -> Coefficients:
    """``coefficients`` without the zeros at the end, which mean the same."""
    values = [float(value) for value in coefficients]
    while values and values[-1] == 0.0:
        values.pop()
    return tuple(values)


def _mean_picture(model: TextureModel) -> Pixels:
    if model.mean.dtype == np.uint8:
        return np.asarray(model.mean, np.uint8)
    picture = np.rint(model.space.to_display(mean_values(model)) * 255.0).astype(np.uint8)
    picture.setflags(write=False)
    return picture


def _window(component: TextureComponent) -> Bounds:
    height, width = component.whole.shape[:2]
    return component.top, component.top + height, component.left, component.left + width
