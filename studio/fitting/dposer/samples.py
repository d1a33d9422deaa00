"""Faces of clips as a diffusion prior learns them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from studio.fitting.dposer.prior import SHAPE, Of
from studio.flame.model import HeadModel
from studio.sequence.clip import Clip
from studio.storage.errors import StudioError

FEWEST = 100  # faces from which something can be learnt


def faces_of(clips: Iterable[Clip], model: HeadModel, of: Of) -> NDArray[np.float64]:
    """The samples (N, D) of ``clips`` on ``model``: jaw_pose and expression by frame, or shape by clip.

    Clips with fewer components than the model are taken as having zeros in the others.

    Raises:
        StudioError: there are too few, or a clip has more components than the model.

    """
    width = model.shape_count if of == SHAPE else model.expression_count
    rows = []
    for clip in clips:
        values = clip.shape[None] if of == SHAPE else clip.expr
        if values.shape[1] > width:
            raise StudioError(
                f"A clip has {values.shape[1]} coefficients, and {model.name} has {width}; "
                "leave out clips of another model."
            )
        padded = np.zeros((len(values), width))
        padded[:, : values.shape[1]] = values
        rows.append(padded if of == SHAPE else np.concatenate([clip.jaw_pose, padded], axis=1))
    samples = np.concatenate(rows) if rows else np.zeros((0, width))
    if len(samples) < FEWEST:
        raise StudioError(
            f"{len(samples)} samples are too few for a prior; give clips with at least {FEWEST}."
        )
    return samples.astype(np.float64)
