"""A backend whose single heads and batches are computed by objects of their own."""

from __future__ import annotations

from typing import Protocol

from studio.backends.base import Backend, ContourSign, Surface, Surfaces
from studio.flame.batch import Batch
from studio.flame.params import Params


class SingleForward(Protocol):
    """Computes one head, and may keep what did not change."""

    def forward(self, params: Params, contour: ContourSign, out: Surface | None) -> Surface:
        """See :meth:`studio.backends.base.Backend.forward`."""

    def forget(self) -> None:
        """Drop what is kept."""


class BatchForward(Protocol):
    """Computes many heads."""

    def compute(self, batch: Batch, contour: ContourSign, out: Surfaces) -> None:
        """Fill ``out`` with the surfaces of ``batch``."""


class ForwardingBackend(Backend):
    """Hands every call on to one of its two parts."""

    _head: SingleForward
    _heads: BatchForward

    def _surface(self, params: Params, contour: ContourSign, out: Surface | None) -> Surface:
        return self._head.forward(params, contour, out)

    def _fill(self, batch: Batch, contour: ContourSign, out: Surfaces) -> None:
        self._heads.compute(batch, contour, out)

    def _forget(self) -> None:
        self._head.forget()
