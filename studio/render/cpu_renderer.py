"""Shots drawn by the processor alone, with the formulas of the shaders, where there is no OpenGL."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studio.document.look import Texture
from studio.flame.model import HeadModel
from studio.render import shading
from studio.render.ambient_occlusion import bake
from studio.render.appearance import appearance_of
from studio.render.backdrop import background_samples
from studio.render.camera import (
    Bounds,
    Window,
    depth_range,
    projection_matrix,
    view_matrix,
)
from studio.render.captions import draw_caption, words_of
from studio.render.colour_scale import shares_of
from studio.render.colours import to_linear, to_srgb
from studio.render.cpu_ghosts import draw_ghosts
from studio.render.cpu_markers import draw_markers
from studio.render.cpu_numbers import draw_numbers
from studio.render.cpu_texture import bilinear, build_pyramid, sample
from studio.render.display_mesh import DisplayMesh, Rows, display_mesh
from studio.render.extras import NO_EXTRAS
from studio.render.heat import heat_colours, heat_rows
from studio.render.lighting import Lighting
from studio.render.picture import DrawTile, take
from studio.render.rasterizer import Fragments, rasterize
from studio.render.reach import reach_of
from studio.render.shot import Cancelled, Image, Shot, never
from studio.render.style import WIRE_WIDTH
from studio.render.texture import read_albedo, without_texture

Array = NDArray[np.float32]

TILE = 768  # samples on a side


@dataclass(frozen=True, eq=False)
class _Hits:
    """The N samples of a tile that show the head."""

    rows: NDArray[np.intp]  # (N,) in the tile
    columns: NDArray[np.intp]  # (N,)
    faces: NDArray[np.int32]  # (N,)
    corners: NDArray[np.int32]  # (N, 3) display rows
    weights: Array  # (N, 3)

    def mean(self, attribute: Array) -> Array:
        """An attribute of the display rows at the samples."""
        total = self.weights[:, 0:1] * attribute[self.corners[:, 0]]
        total += self.weights[:, 1:2] * attribute[self.corners[:, 1]]
        total += self.weights[:, 2:3] * attribute[self.corners[:, 2]]
        return total


class CPURenderer:
    """Draws shots on the calling thread and, for the rasterizing, on all processors."""

    def __init__(self) -> None:
        self.name = "CPU"
        self._model: HeadModel | None = None
        self._texture: Texture | None = None
        self._painted: _Painted | None = None

    def render(self, shot: Shot, cancelled: Cancelled = never) -> Image:
        """The picture (H, W, 4): uint8, sRGB, straight alpha, row 0 at the top.

        Raises:
            JobCancelled: ``cancelled`` answered yes.
            StudioError: the model's texture cannot be read.
        """
        bake(shot.model)
        return take(shot, _captioned(shot, self._drawing(shot)), TILE, cancelled)

    def _drawing(self, shot: Shot) -> DrawTile:
        """What draws a window of ``shot``: the head with its ghosts, and the other one right of the line."""
        painted = self._paint(shot) if shot.look.mode == "textured" else _Painted(shot.model)
        frame, other = _Frame(shot, painted), shot.extras.wiped
        if other is None:
            return frame.draw
        beside = _Frame(replace(shot, surface=other, extras=NO_EXTRAS), painted)
        line = shot.extras.edge(shot.size[0] * shot.factor)

        def draw(window: Window) -> NDArray[np.uint8]:
            edge = min(max(line - window.x, 0), window.width)
            if edge == 0:
                return beside.draw(window)
            samples = frame.draw(window)
            if edge < window.width:
                samples[:, edge:] = beside.draw(window)[:, edge:]
            return samples

        return draw

    def _paint(self, shot: Shot) -> _Painted:
        known = shot.model is self._model and shot.look.texture == self._texture
        if self._painted is None or not known:
            self._painted = None
            albedo = read_albedo(shot.model, shot.look.texture)
            drawn = shot.model if albedo is not None else without_texture(shot.model)
            self._painted = _Painted(drawn, albedo)
            self._model, self._texture = shot.model, shot.look.texture
        return self._painted


def _captioned(shot: Shot, draw: DrawTile) -> DrawTile:
    """``draw``, and the caption over it."""
    words = words_of(shot.look.caption, shot.occasion, shot.model.name, shot.size)
    if words is None:
        return draw

    def write(window: Window) -> NDArray[np.uint8]:
        colours = draw(window).astype(np.float32) / np.float32(255.0)
        draw_caption(colours, words, window.x, window.y, shot.factor)
        return np.rint(np.clip(colours, 0.0, 1.0) * 255.0).astype(np.uint8)

    return write


class _Painted:
    """A model with the texture that it shows, and the pyramid of the picture that was drawn last."""

    def __init__(self, model: HeadModel, albedo: NDArray[np.uint8] | None = None) -> None:
        self.model, self.albedo = model, albedo
        self._image: NDArray[np.uint8] | None = None
        self._pyramid: list[Array] = []

    def pyramid(self, image: NDArray[np.uint8]) -> list[Array]:
        """The pyramid of ``image``."""
        if image is not self._image:
            self._image, self._pyramid = image, build_pyramid(image)
        return self._pyramid


class _Frame:
    """One shot while its tiles are drawn."""

    def __init__(self, shot: Shot, painted: _Painted) -> None:
        self.shot = shot
        self.size = (shot.size[0] * shot.factor, shot.size[1] * shot.factor)
        self.mesh: DisplayMesh = display_mesh(painted.model, shot.look.is_smooth_surface)
        self.appearance = appearance_of(self.mesh, shot.look, painted.albedo)
        self.pyramid = painted.pyramid(self.appearance.image)
        rows = Rows(self.mesh)
        rows.expand(self.mesh, shot.surface.vertices, shot.surface.normals)
        self.bounds = Bounds.of(shot.surface.vertices)
        self.view = view_matrix(shot.camera)
        turn = self.view[:3, :3].astype(np.float32)
        self.positions = rows.positions @ turn.T + self.view[:3, 3].astype(np.float32)
        self.normals = rows.normals @ turn.T
        self.up = turn[:, 1]
        heat, comparison = shot.extras.heat, shot.extras.comparison
        self.signed = comparison.distance == "normal"
        self.shares: Array | None = None
        if heat is not None:
            shares = shares_of(heat, self.signed, comparison.farthest)
            self.shares = heat_rows(self.mesh, shares)[:, None]
        self.reach = reach_of(shot.model, self.mesh, shot.surface, shot.look, shot.camera)
        self.lighting = Lighting.of(shot.look, shot.camera)
        self.around = shading.surroundings(self.lighting.environment, self.normals)

    def draw(self, window: Window) -> NDArray[np.uint8]:
        """Premultiplied samples (h, w, 4) of a window of the shot."""
        colours = np.zeros((window.height, window.width, 4), dtype=np.float32)
        if not self.shot.transparent:
            shot = self.shot
            colours[..., :3] = background_samples(shot.look, self.size, window, shot.factor, shot.checkered)
            colours[..., 3] = 1.0
        projection = projection_matrix(self.shot.camera, self.size, self.bounds, window)
        clip = self.positions.astype(np.float64) @ projection[:, :3].T + projection[:, 3]
        fragments = rasterize(clip, self.mesh.faces, window.width, window.height)
        rows, columns = np.nonzero(fragments.faces >= 0)
        if len(rows):
            faces = fragments.faces[rows, columns]
            hits = _Hits(rows, columns, faces, self.mesh.faces[faces], fragments.weights[rows, columns])
            colours[rows, columns, :3] = self._colours(hits, clip, window)
            colours[rows, columns, 3] = 1.0
            if self.shot.look.mode == "wireframe" or self.shot.look.wire_over:
                self._draw_lines(colours, hits, clip, window)
        self._draw_markers(colours, fragments, projection)
        draw_ghosts(colours, self.shot, window)
        return np.rint(np.clip(colours, 0.0, 1.0) * 255.0).astype(np.uint8)

    def _draw_markers(self, colours: Array, fragments: Fragments, projection: NDArray[np.float64]) -> None:
        look = self.shot.look
        if look.show_landmarks or look.show_joints:
            draw_markers(colours, fragments.depths, self.shot, self.view, projection, self.size[1])
        if look.show_landmarks and look.show_landmark_numbers:
            draw_numbers(colours, self.shot, self.view, projection, self.size)

    def _colours(self, hits: _Hits, clip: NDArray[np.float64], window: Window) -> Array:
        """SRGB colours (N, 3) of the samples that show the head."""
        look, camera = self.shot.look, self.shot.camera
        positions = hits.mean(self.positions)
        outside = self._outside(clip)[hits.faces]
        normals = self._normals(hits, positions, outside)
        if self.shares is not None:
            shares = hits.mean(self.shares)[:, 0]
            return heat_colours(shares, normals, self._views(positions), self.signed)
        if look.mode == "normals":
            return normals * np.float32(0.5) + np.float32(0.5)
        if look.mode == "depth":
            near, far = depth_range(camera, self.bounds)
            share = np.clip((-positions[:, 2:] - near) / (far - near), 0.0, 1.0)
            return np.repeat(shading.DEPTH_NEAR + (shading.DEPTH_FAR - shading.DEPTH_NEAR) * share, 3, axis=1)
        views = self._views(positions)
        skin = self.appearance.skin
        mouth = shading.CLAY_MOUTH + (1.0 - shading.CLAY_MOUTH) * skin
        traits = hits.mean(self.mesh.traits) * np.array([skin, skin, skin, mouth], dtype=np.float32)
        facing = outside.astype(np.float32)
        light = shading.lit(
            self.lighting,
            look.finish,
            self._albedo(hits, clip, window, normals, views),
            traits,
            hits.mean(self.reach),
            hits.mean(self.around),
            normals,
            views,
            normals @ self.up,
            facing,
        )
        return to_srgb(light)

    def _draw_lines(self, colours: Array, hits: _Hits, clip: NDArray[np.float64], window: Window) -> None:
        """Compose the edges of the model's own faces over what is drawn."""
        on_line = self._on_line(hits, clip, window)
        *colour, alpha = shading.wire_colour(self.shot.look)
        places = hits.rows[on_line], hits.columns[on_line]
        colours[(*places, slice(3))] += alpha * (np.array(colour) - colours[(*places, slice(3))])

    def _views(self, positions: Array) -> Array:
        """Unit vectors (N, 3) from points of the surface to the eye."""
        if self.shot.camera.orthographic:
            return np.broadcast_to(np.array([0.0, 0.0, 1.0], dtype=np.float32), positions.shape)
        return -positions / np.linalg.norm(positions, axis=1, keepdims=True)

    def _outside(self, clip: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which faces show their outside (T,)."""
        a, b, c = (clip[self.mesh.faces[:, corner]][:, [0, 1, 3]] for corner in range(3))
        return np.linalg.det(np.stack([a, b, c], axis=1)) > 0.0

    def _normals(self, hits: _Hits, positions: Array, outside: NDArray[np.bool_]) -> Array:
        if self.shot.look.mode == "flat":
            a, b, c = (self.positions[hits.corners[:, corner]] for corner in range(3))
            normals = np.cross(b - a, c - a)
        else:
            normals = hits.mean(self.normals)
        normals = np.where(outside[:, None], normals, -normals)
        return normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), np.float32(1e-20))

    def _albedo(
        self, hits: _Hits, clip: NDArray[np.float64], window: Window, normals: Array, views: Array
    ) -> Array:
        """Linear surface colours (N, 3)."""
        ball = self.appearance.ball
        if ball is not None:
            texels = bilinear(ball.astype(np.float32) / np.float32(255.0), shading.on_ball(normals, views))
        else:
            levels = self._levels(clip, window)[hits.faces]
            texels = sample(self.pyramid, hits.mean(self.mesh.texcoords), levels)
        light = to_linear(texels * hits.mean(self.appearance.colours))
        return (self.appearance.shade * light).astype(np.float32)

    def _levels(self, clip: NDArray[np.float64], window: Window) -> Array:
        """The level of the texture pyramid for each face (T,): texels per sample, as a power of two."""
        height, width = self.pyramid[0].shape[:2]
        texels = _areas(self.mesh.texcoords * (width, height), self.mesh.faces)
        samples = _areas(_on_window(clip, window), self.mesh.faces)
        ratio = texels / np.maximum(samples, 1e-9)
        return (0.5 * np.log2(np.maximum(ratio, 1e-9))).astype(np.float32)

    def _on_line(self, hits: _Hits, clip: NDArray[np.float64], window: Window) -> NDArray[np.bool_]:
        """Which samples lie on an edge of the model's own faces (N,)."""
        points = _on_window(clip, window)
        corners = points[hits.corners]
        flat = hits.weights * clip[:, 3][hits.corners]
        flat /= flat.sum(axis=1, keepdims=True)
        doubled = 2.0 * _areas(points, self.mesh.faces)[hits.faces]
        reach = max(1.0, WIRE_WIDTH * self.size[1]) / 2.0
        on_line = np.zeros(len(hits.faces), dtype=bool)
        for edge in range(3):
            length = np.linalg.norm(corners[:, (edge + 1) % 3] - corners[:, edge], axis=1)
            distance = flat[:, (edge + 2) % 3] * doubled / np.maximum(length, 1e-9)
            on_line |= self.mesh.outlined[hits.faces, edge] & (distance < reach)
        return on_line


def _on_window(clip: NDArray[np.float64], window: Window) -> NDArray[np.float64]:
    """Places (M, 2) in samples."""
    return clip[:, :2] / clip[:, 3:] * (window.width / 2.0, -window.height / 2.0)


def _areas(points: NDArray, faces: NDArray[np.int32]) -> NDArray[np.float64]:
    a, b, c = points[faces[:, 0]], points[faces[:, 1]], points[faces[:, 2]]
    u, v = b - a, c - a
    return np.abs(u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]) / 2.0
