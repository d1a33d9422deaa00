"""The photo taken off the fitted head as its texture: seen, freed of its light, completed where unseen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Surface
from studio.document.harmonics import shading
from studio.document.look import Texture
from studio.fitting.completion import completed
from studio.fitting.observation import Observation
from studio.fitting.projection import project
from studio.fitting.state import FitState
from studio.fitting.texels import Texels, texels_of
from studio.fitting.visibility import in_view
from studio.flame.model import HeadModel
from studio.render.colours import to_linear, to_srgb
from studio.render.texture import read_albedo

LARGEST = 2048  # pixels a side
SIZES = (512, 1024, 2048)
_PLAIN = (0.55, 0.38, 0.30)  # linear light of a skin of which nothing is known
_STEEPEST, _FULL = (
    0.15,
    0.5,
)  # cosines to the camera: what lies flatter is not used, what faces it is used whole
_DARKEST = 0.12  # of the mean light: darker places say little of the skin
_STRANGE = 0.45  # log of the factor by which hair and hands differ from the skin expected, without a mask

Told = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Unwrapped:
    """A head's albedo from a photo."""

    picture: NDArray[np.uint8]  # (R, R, 3) sRGB, row 0 at v = 0
    seen: NDArray[np.float32]  # (R, R) 0..1: how well the photo showed it


def unwrap(
    model: HeadModel,
    surface: Surface,
    state: FitState,
    observation: Observation,
    size: int = 1024,
    told: Told = lambda _what: None,
) -> Unwrapped:
    """The albedo of the head in a photo.

    Texels that the photo shows take its light, divided by the fitted light's shading; what it does not
    show is taken from the other side, and else from the texture model, brought to the colour of what is
    seen.

    Args:
        model: with texture coordinates.
        surface: the fitted head.
        state: its camera, light and texture coefficients.
        observation: the photo, and a mask of its skin where there is one.
        size: pixels of each side of the texture, at most 2048.
        told: hears what is done; may raise to stop.

    Raises:
        StudioError: the model has no texture coordinates.

    """
    told("Finding texels")
    texels = texels_of(model, min(size, LARGEST))
    base = base_albedo(model, state, texels.size)
    told("Looking for what the photo shows")
    points, normals = texels.at(surface.vertices), texels.at(surface.normals)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    pixels, _ = project(state.camera, points)
    shares = _facing(state, points, normals) * in_view(texels, surface, state.camera, points)
    told("Taking the photo off")
    light = np.maximum(shading(state.light, normals), 0.0)
    mean = float(light[shares > 0.0].mean()) if (shares > 0.0).any() else 1.0
    shares *= np.clip(light.mean(axis=1) / (_DARKEST * mean) - 1.0, 0.0, 1.0)
    taken = _photo_at(observation, pixels, _pixels_per_texel(texels, surface, state)) / np.maximum(
        light, _DARKEST * mean
    )
    expected = base.reshape(-1, 3)[texels.places]
    if observation.mask is not None:
        shares *= _sampled(observation.mask, pixels)
    else:
        shares *= _likely_skin(taken, expected, shares)
    told("Completing what is not seen")
    whole = completed(texels, taken, shares, expected)
    return Unwrapped(_finished(texels, whole), _as_map(texels, shares))


def base_albedo(model: HeadModel, state: FitState, size: int) -> NDArray[np.float64]:
    """The texture model's fitted albedo (size, size, 3), linear light, row 0 at v = 0."""
    picture = read_albedo(model, Texture(state.texture_key, tuple(float(c) for c in state.texture)))
    if picture is None:
        return np.broadcast_to(np.array(_PLAIN), (size, size, 3)).copy()
    linear = to_linear(picture.astype(np.float32) / 255.0)
    base = resized(linear, size).astype(np.float64)
    if state.albedo_offset is not None:
        base += resized(state.albedo_offset, size)
    return np.clip(base, 1e-4, 1.0)


def resized(image: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """``image`` (H, W, 3) at ``size`` squared, averaged where it becomes smaller."""
    import cv2

    if image.shape[:2] == (size, size):
        return image
    way = cv2.INTER_AREA if size < max(image.shape[:2]) else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(np.ascontiguousarray(image), (size, size), interpolation=way))


def _facing(state: FitState, points: NDArray, normals: NDArray) -> NDArray[np.float64]:
    """How much texels (N,) look towards the camera: 0 at the outline, 1 before it."""
    if state.camera.projection == "orthographic":
        cosine = normals[:, 2].astype(np.float64)
    else:
        towards = -(points + np.array(state.camera.place))
        cosine = np.einsum("nc,nc->n", normals, towards) / np.maximum(np.linalg.norm(towards, axis=1), 1e-9)
    along = np.clip((cosine - _STEEPEST) / (_FULL - _STEEPEST), 0.0, 1.0)
    return np.asarray(along * along * (3.0 - 2.0 * along))


def _pixels_per_texel(texels: Texels, surface: Surface, state: FitState) -> float:
    """How many pixels of the photo lie along one texel, in the middle of all faces that face it."""
    model = texels.model
    assert model.uv is not None
    assert model.uv_faces is not None
    on_photo, _ = project(state.camera, surface.vertices)
    on_map = model.uv.astype(np.float64) * texels.size
    photo, texture = -_areas(on_photo[model.faces]), np.abs(_areas(on_map[model.uv_faces]))
    front = (photo > 0.0) & (texture > 0.0)
    return float(np.sqrt(np.median(photo[front] / texture[front]))) if front.any() else 1.0


def _areas(corners: NDArray) -> NDArray:
    """Signed areas (F,) of triangles (F, 3, 2)."""
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    return np.asarray(0.5 * (first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]))


def _photo_at(observation: Observation, pixels: NDArray, step: float) -> NDArray[np.float64]:
    """The photo's linear light (N, 3) at ``pixels`` (N, 2); made coarser first where ``step`` pixels meet."""
    import cv2

    inside = np.isfinite(pixels).all(axis=1)
    width, height = observation.size
    low = np.clip(np.floor(pixels[inside].min(axis=0)) - 4, 0, (width - 1, height - 1)).astype(int)
    high = np.clip(np.ceil(pixels[inside].max(axis=0)) + 4, low + 1, (width, height)).astype(int)
    part = observation.pixels[low[1] : high[1], low[0] : high[0]]
    scale = 255.0 if part.dtype == np.uint8 else 1.0
    linear = to_linear(part.astype(np.float32) / np.float32(scale))
    factor = 1.0 / max(step, 1.0)
    if factor < 0.75:
        shape = tuple(max(round(side * factor), 1) for side in (linear.shape[1], linear.shape[0]))
        linear = cv2.resize(linear, shape, interpolation=cv2.INTER_AREA)
    ratio = np.array([linear.shape[1], linear.shape[0]]) / (high - low)
    return _sampled(linear, (pixels - low) * ratio)


def _sampled(image: NDArray, pixels: NDArray) -> NDArray[np.float64]:
    """``image`` (H, W[, C]) between its pixels at ``pixels`` (N, 2); the nearest edge outside."""
    from scipy.ndimage import map_coordinates

    places = np.nan_to_num(pixels[:, ::-1].T - 0.5)
    if image.ndim == 2:
        return np.asarray(map_coordinates(image.astype(np.float64), places, order=1, mode="nearest"))
    channels = [
        map_coordinates(image[..., channel].astype(np.float64), places, order=1, mode="nearest")
        for channel in range(image.shape[2])
    ]
    return np.stack(channels, axis=1)


def _likely_skin(taken: NDArray, expected: NDArray, shares: NDArray) -> NDArray[np.float64]:
    """How likely texels (N,) show the head itself and not hair or a hand before it, by their colour."""
    used = shares > 0.1
    if not used.any():
        return np.ones(len(taken))
    ratio = np.log(np.maximum(taken, 1e-4)) - np.log(np.maximum(expected, 1e-4))
    away = np.abs(ratio - np.median(ratio[used], axis=0)).max(axis=1)
    return np.asarray(1.0 / (1.0 + (away / _STRANGE) ** 4))


def _finished(texels: Texels, linear: NDArray) -> NDArray[np.uint8]:
    """The texture (R, R, 3) sRGB; what no face shows takes the colour of the nearest texel that one does."""
    from scipy.ndimage import distance_transform_edt

    shown = np.round(255.0 * to_srgb(np.clip(linear, 0.0, 1.0))).astype(np.uint8)
    ground = np.zeros((texels.size, texels.size, 3), np.uint8)
    image = texels.picture(shown, ground)
    empty = np.ones(texels.size**2, bool)
    empty[texels.places] = False
    rows, columns = distance_transform_edt(
        empty.reshape(texels.size, texels.size), return_distances=False, return_indices=True
    )
    return np.ascontiguousarray(image[rows, columns])


def _as_map(texels: Texels, shares: NDArray) -> NDArray[np.float32]:
    ground = np.zeros((texels.size, texels.size, 1), np.float32)
    return texels.picture(shares.astype(np.float32)[:, None], ground)[..., 0]
