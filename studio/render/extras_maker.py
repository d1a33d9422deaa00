"""Computes what a picture shows beside the head, and keeps what it computed lately."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import fields, replace
from weakref import WeakKeyDictionary

import numpy as np

from studio.backends.base import Surface
from studio.document.moment import Moment, other_name
from studio.flame.distances import Summary, normal_distances, rigid_motion, skull_vertices, vertex_distances
from studio.flame.measures import Measured, measure_head
from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.render.extras import Extras, Ghost

_KEPT = 16  # surfaces


class ExtrasMaker:
    """Makes extras by ``forward``, which gives heads of one model; used by one thread at a time."""

    def __init__(self, forward: Callable[[Params], Surface]) -> None:
        self._forward = forward
        self._kept: OrderedDict[bytes, Surface] = OrderedDict()
        self._sizes: WeakKeyDictionary[Surface, Measured] = WeakKeyDictionary()

    def make(self, moment: Moment, params: Params, surface: Surface, measuring: bool = False) -> Extras:
        """What belongs to the head with ``params`` and ``surface`` at ``moment``.

        Raises:
            ValueError: see :meth:`studio.backends.base.Backend.forward`.
            DeviceFailed: likewise.

        """
        comparison = moment.comparison
        measuring = measuring or comparison.dimensions
        compared = moment.other if comparison.kind != "off" or measuring else None
        other = None if compared is None else self._surface(compared)
        if other is not None and comparison.aligned:
            other = laid_onto(surface, other, moment.model)
        extras = Extras(
            comparison=comparison,
            names=(moment.take.name, other_name(comparison, moment.takes)),
            other=other,
            ghosts=tuple(Ghost(offset, self._surface(there)) for offset, there in moment.ghosts),
        )
        if other is not None and comparison.kind == "distance":
            extras = _with_distances(extras, surface, other)
        return self._measure(extras, moment, params, surface, compared) if measuring else extras

    def _measure(
        self, extras: Extras, moment: Moment, params: Params, surface: Surface, compared: Params | None
    ) -> Extras:
        model, rest = moment.model, moment.neutral
        return extras.replace(
            measured=self._measured(model, surface, params),
            neutral=self._measured(model, self._surface(rest), rest),
            beside=None if compared is None else self._measured(model, self._surface(compared), compared),
        )

    def _measured(self, model: HeadModel, surface: Surface, params: Params) -> Measured:
        if surface not in self._sizes:
            self._sizes[surface] = measure_head(model, surface.vertices, surface.joints, params.pose)
        return self._sizes[surface]

    def _surface(self, params: Params) -> Surface:
        key = _key(params)
        if key in self._kept:
            self._kept.move_to_end(key)
        else:
            self._kept[key] = self._forward(params)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return self._kept[key]


def extras_of_frames(
    moment: Moment, forward: Callable[[Params], Surface]
) -> Callable[[float, Params, Surface], Extras]:
    """What belongs to each frame of the active take of ``moment``, by its number, parameters and surface."""
    maker = ExtrasMaker(forward)
    return lambda index, params, surface: maker.make(moment.at(index), params, surface)


def laid_onto(target: Surface, moving: Surface, model: HeadModel) -> Surface:
    """``moving`` moved rigidly, so that its skull lies on that of ``target``."""
    rotation, shift = rigid_motion(target.vertices, moving.vertices, skull_vertices(model))
    vertices, landmarks, joints = (
        (points @ rotation + shift).astype(np.float32)
        for points in (moving.vertices, moving.landmarks, moving.joints)
    )
    normals = (moving.normals @ rotation).astype(np.float32)
    return replace(moving, vertices=vertices, normals=normals, landmarks=landmarks, joints=joints)


def _with_distances(extras: Extras, surface: Surface, other: Surface) -> Extras:
    if extras.comparison.distance == "normal":
        distances = normal_distances(surface.vertices, surface.normals, other.vertices)
    else:
        distances = vertex_distances(surface.vertices, other.vertices)
    return extras.replace(distances=distances, summary=Summary.of(distances))


def _key(params: Params) -> bytes:
    arrays = (getattr(params, entry.name) for entry in fields(params))
    return b"|".join(b"" if array is None else array.tobytes() for array in arrays)
