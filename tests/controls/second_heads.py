"""Heads that can do what the open head does, but say nothing of it: other bases of the same units."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from studio.flame.model import HeadModel, LandmarkEmbedding
from studio.flame.open_head import load_open_head
from studio.flame.params import frozen

MILLIMETRE = 1e-3


def unnamed(head: HeadModel, expressiondirs: np.ndarray, **changes) -> HeadModel:
    """``head`` with other expression components of -3..3, and nothing to know its units by."""
    ranges = np.tile([-3.0, 3.0], (expressiondirs.shape[2], 1))
    return replace(
        head,
        name="second",
        expression_names=(),
        expressiondirs=frozen(expressiondirs),
        expression_ranges=frozen(ranges),
        correctives=(),
        **{"eyelids": None, **changes},
    )


def rotated_head(seed: int = 3, noise: int = 0, **changes) -> HeadModel:
    """The open head by a random rotation of its components, with ``noise`` random ones mixed among them."""
    head, random = load_open_head(), np.random.default_rng(seed)
    directions = head.expressiondirs.astype(np.float64)
    meaningless = random.normal(0.0, 0.3 * MILLIMETRE, (head.vertex_count, 3, noise))
    directions = np.concatenate([directions, meaningless], axis=2)
    rotation, _ = np.linalg.qr(random.normal(size=(directions.shape[2],) * 2))
    return unnamed(head, directions @ rotation, **changes)


def shuffled(head: HeadModel, order: np.ndarray) -> HeadModel:
    """``head`` with its vertices in ``order``."""
    place = np.argsort(order).astype(np.int32)
    marks = head.landmarks
    assert marks is not None
    return replace(
        head,
        faces=place[head.faces],
        landmarks=LandmarkEmbedding(
            place[marks.static_corners],
            marks.static_barycentric,
            place[marks.contour_corners],
            marks.contour_barycentric,
        ),
        regions={name: np.sort(place[ids]) for name, ids in head.regions.items()},
        j_regressor=frozen(head.j_regressor[:, order]),
        eyelids=None if head.eyelids is None else frozen(head.eyelids[order]),
        **{
            name: frozen(getattr(head, name)[order])
            for name in ("v_template", "shapedirs", "expressiondirs", "posedirs", "lbs_weights")
        },
    )


def other_person(seed: int, scale: float = 1.1) -> HeadModel:
    """A rotated head of another identity, size and place."""
    head = rotated_head(seed)
    person = head.shapedirs @ np.random.default_rng(seed).normal(size=head.shape_count)
    return replace(
        head,
        v_template=frozen((head.v_template + person) * scale + (0.01, 0.2, -0.03)),
        expressiondirs=frozen(head.expressiondirs * scale),
        posedirs=frozen(head.posedirs * scale),
    )
