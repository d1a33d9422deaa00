"""The head before each photo's camera, as differentiable functions of what a stage moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.backends.decoding import BatchDecoder
from studio.document.photo_camera import PhotoCamera
from studio.fitting.gradient.arrays import Arrays, Variables
from studio.fitting.gradient.part import Part
from studio.flame.model import HeadModel

POSE = ("rotation", "neck_pose", "jaw_pose", "eyes_pose")
GEOMETRY = frozenset((*POSE, "shape", "expr", "eyelids"))


@dataclass(frozen=True, eq=False)
class Anchor:
    """The head's middle: a mean of vertices around which it turns and grows on the photo."""

    vertices: NDArray[np.intp]  # of the model
    weights: NDArray[np.float64]  # they sum up to 1

    def of(self, vertices: NDArray[np.float32]) -> NDArray[np.float64]:
        """Where it is (3,) on ``vertices`` (V, 3)."""
        return np.asarray(self.weights @ vertices[self.vertices].astype(np.float64))


def anchor_of(model: HeadModel) -> Anchor:
    """The mean of the landmarks inside the face; of all vertices where there are none."""
    if model.landmarks is None:
        count = model.vertex_count
        return Anchor(np.arange(count), np.full(count, 1.0 / count))
    weights = np.zeros(model.vertex_count)
    np.add.at(weights, model.landmarks.static_corners, model.landmarks.static_barycentric)
    vertices = np.flatnonzero(weights)
    return Anchor(vertices, weights[vertices] / weights.sum())


class Head:
    """The n vertices of a part of the head."""

    def __init__(self, arrays: Arrays, part: Part, anchor: Anchor) -> None:
        """Upload the part's bases."""
        library = arrays.library
        self._arrays = arrays
        basis = arrays.upload(part.assembly.basis)
        self._decode = BatchDecoder(part.assembly, library, basis, "screen")
        known = part.number[anchor.vertices]
        used = known >= 0
        weights = anchor.weights[used] / anchor.weights[used].sum()
        self._anchor, self._anchor_weights = arrays.upload(known[used]), arrays.upload(weights)

    def vertices(self, values: Variables, translation: Any) -> Any:
        """(B, n, 3) metres, in the head's axes."""
        pose = self._arrays.xp.concatenate([values[name] for name in POSE], 1)
        made, _ = self._decode(values["shape"], values["expr"], pose, translation, values["eyelids"])
        return made

    def anchors(self, vertices: Any) -> Any:
        """Their middles (B, 3)."""
        return (vertices[:, self._anchor] * self._anchor_weights[:, None]).sum(1)


def placed(
    arrays: Arrays, values: Variables, frame: int, anchor: Any, camera: PhotoCamera, vertices: Any
) -> Any:
    """Homogeneous points (3, n) of the vertices (n, 3) of one head, before the camera of its photo.

    They are pixels of the photo from the principal point, to the right and up, times depth, and depth. What
    does not grow is kept near 1: for an orthographic camera the depth is 1, else it is in metres.

    Args:
        arrays: the array library.
        values: "place" and "focal", as :func:`studio.fitting.gradient.variables.values_of` tells.
        frame: which row of them.
        anchor: (3,) the head's middle.
        camera: of the photo, for its projection.
        vertices: (n, 3).

    """
    xp = arrays.xp
    across, up, size = (values["place"][frame, axis] for axis in range(3))
    x = vertices[:, 0] - anchor[0] + across
    y = vertices[:, 1] - anchor[1] + up
    if camera.projection == "orthographic":
        zoom = xp.exp(-size)
        return xp.stack([x * zoom, y * zoom, xp.ones_like(x)])
    focals = values["focal"]
    focal = xp.exp(focals[min(frame, focals.shape[0] - 1), 0])
    depth = focal * xp.exp(size) - (vertices[:, 2] - anchor[2])
    return xp.stack([x * focal, y * focal, depth])
