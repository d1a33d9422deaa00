"""What a calibrated camera sees of a head, pixel by pixel, as arrays of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Surface
from studio.backends.processors import processor_count
from studio.flame.model import HeadModel
from studio.render.materials import region_ids
from studio.render.pinhole import PinholeCamera
from studio.render.rasterizer import Fragments, rasterize
from studio.render.threads import in_order
from studio.storage.errors import StudioError

Array = NDArray[np.float32]
Space = Literal["camera", "world"]

SPACES: tuple[Space, ...] = ("camera", "world")
BYTES_A_PIXEL = 64  # that a view and one of its maps take while they are made
MOST_MEMORY = 4 << 30  # bytes that all views under way may take
UNNAMED = "unnamed"


@dataclass(frozen=True, eq=False)
class HeadView:
    """One head seen by one camera, rasterized once. Arrays are (H, W, …), row 0 at the top.

    A pixel shows what is at its centre. Where it shows nothing, floats are NaN and indices -1.
    Faces are seen from both sides; from inside the head, it is the inside that is seen.
    """

    model: HeadModel
    surface: Surface
    camera: PinholeCamera
    fragments: Fragments

    @classmethod
    def take(
        cls, model: HeadModel, surface: Surface, camera: PinholeCamera, threads: int | None = None
    ) -> HeadView:
        """Rasterize ``surface`` of ``model``; ``threads`` as for the rasterizer."""
        clip = camera.clip(surface.vertices)
        return cls(model, surface, camera, rasterize(clip, model.faces, *camera.size, threads=threads))

    @property
    def face_index(self) -> NDArray[np.int32]:
        """(H, W) the face of each pixel."""
        return self.fragments.faces

    @property
    def barycentric(self) -> Array:
        """(H, W, 3) weights of the face's corners, perspective-correct; 0 where there is no face."""
        return self.fragments.weights

    def normal(self, space: Space = "camera") -> Array:
        """Unit normals (H, W, 3): the vertices' own, interpolated, on the side that is seen.

        In camera space x is right, y up and z towards the camera, whatever the camera's convention; in
        world space they are in the model's frame.

        Raises:
            ValueError: ``space`` is neither.
        """
        from studio.render.maps_kernel import straighten

        if space not in get_args(Space):
            raise ValueError(f"There is no space {space}; choose camera or world.")
        axes = self.camera.view_axes() if space == "camera" else np.eye(3)
        normals = (self.surface.normals.astype(np.float64) @ axes.T).astype(np.float32)
        toward = (axes @ self.camera.view_axes()[2]).astype(np.float32)[None]
        image = self._interpolated(normals)
        straighten(self.face_index, self._sides(), toward, image)
        return image

    def depth(self) -> Array:
        """Distances (H, W) along the camera's axis, metres."""
        forward = self.camera.clip(self.surface.vertices)[:, 3:]
        return self._interpolated(forward.astype(np.float32))[..., 0]

    def position(self) -> Array:
        """Points (H, W, 3) of the surface in the world, metres."""
        return self._interpolated(self.surface.vertices)

    def uv(self) -> Array:
        """Texture coordinates (H, W, 2), v up; right across seams.

        Raises:
            StudioError: the model has none.
        """
        model = self.model
        if model.uv is None or model.uv_faces is None:
            raise StudioError(
                f"{model.name} has no texture coordinates; choose another map or another model."
            )
        return self._interpolated(model.uv, model.uv_faces)

    def region(self) -> NDArray[np.int16]:
        """Places (H, W) in :func:`region_names` of the regions of the nearest vertices."""
        from studio.render.maps_kernel import pick

        image = np.full(self.face_index.shape, -1, dtype=np.int16)
        pick(self.face_index, self.barycentric, self.model.faces, region_ids(self.model) + 1, image)
        return image

    def _interpolated(self, values: Array, corners: NDArray[np.int32] | None = None) -> Array:
        from studio.render.maps_kernel import interpolate

        image = np.full((*self.face_index.shape, values.shape[1]), np.nan, dtype=np.float32)
        corners = self.model.faces if corners is None else corners
        interpolate(self.face_index, self.barycentric, corners, np.ascontiguousarray(values), image)
        return image

    def _sides(self) -> Array:
        """1 for faces (T,) that show their outside, -1 for the others."""
        corners = self.surface.vertices.astype(np.float64)[self.model.faces]
        outward = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        towards = self.camera.eye - corners[:, 0]
        return np.where(np.einsum("tk,tk->t", outward, towards) < 0.0, -1.0, 1.0).astype(np.float32)


def region_names(model: HeadModel) -> tuple[str, ...]:
    """What the numbers of a region map mean; 0 is a surface that no region names."""
    return (UNNAMED, *sorted(model.regions))


def views(
    model: HeadModel,
    surfaces: Iterable[Surface],
    cameras: PinholeCamera | Iterable[PinholeCamera],
    threads: int | None = None,
) -> Iterator[HeadView]:
    """Views of ``surfaces``, in their order, taken in parallel while they are consumed.

    Only a few are under way at once, so that any length and size fits the memory.

    Args:
        model: of all surfaces.
        surfaces: one a frame.
        cameras: one for all frames, or one for each.
        threads: how many views are taken at once; None: as many as there are processors.

    Raises:
        ValueError: there are more frames than cameras, or fewer.
    """
    workers = processor_count() if threads is None else max(threads, 1)
    each = [cameras] if isinstance(cameras, PinholeCamera) else list(cameras)
    pairs = zip(surfaces, repeat(each[0]) if len(each) == 1 else each, strict=len(each) != 1)
    largest = max(camera.width * camera.height for camera in each)

    def take(pair: tuple[Surface, PinholeCamera]) -> HeadView:
        return HeadView.take(model, *pair, threads=1)

    yield from in_order(take, pairs, most_at_once(largest * BYTES_A_PIXEL, workers))


def most_at_once(size: int, workers: int) -> int:
    """How many pieces of work of ``size`` bytes each ``workers`` may have under way."""
    return max(min(workers, MOST_MEMORY // size), 1)
