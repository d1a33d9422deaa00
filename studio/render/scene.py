"""The scene: everything that is drawn of one head, in one OpenGL context, for canvas and pictures alike."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray
from vispy import gloo

from studio.backends.base import Surface
from studio.document.camera import Camera
from studio.document.comparison import Comparison
from studio.document.look import Look
from studio.flame.model import HeadModel
from studio.render.appearance import appearance_of
from studio.render.backdrop_visual import BackdropVisual
from studio.render.camera import Bounds, Window, depth_range, projection_matrix, view_matrix
from studio.render.colour_scale import shares_of
from studio.render.display_mesh import DisplayMesh, Rows, display_mesh
from studio.render.head_visual import HeadVisual, WireVisual
from studio.render.heat import heat_rows
from studio.render.heat_visual import HeatVisual
from studio.render.lighting import Lighting
from studio.render.marker_visual import MarkerVisual
from studio.render.markers import markers_of
from studio.render.number_visual import NumberVisual
from studio.render.numbers import numbers_of
from studio.render.reach import kernels_loaded, reach_of
from studio.render.style import WIRE_WIDTH
from studio.render.texture import read_albedo, without_texture
from studio.storage.errors import StudioError

REST, PAUSE = 0.12, 12.0  # seconds, and times what they took, between two shadows of a moving picture


class HeadScene:
    """What is drawn, told piece by piece; only what changed is uploaded, at the next :meth:`draw`.

    Belongs to the OpenGL context that is current when it is first drawn, and is used by one thread.
    """

    def __init__(self) -> None:
        self._positions, self._normals = gloo.VertexBuffer(), gloo.VertexBuffer()
        self._backdrop = BackdropVisual()
        self._head = HeadVisual(self._positions, self._normals)
        self._wire = WireVisual(self._positions)
        self._heat = HeatVisual(self._positions, self._normals)
        self._distances: NDArray[np.float32] | None = None
        self._comparison = Comparison()
        self._markers = MarkerVisual()
        self._numbers = NumberVisual()
        self.fault: StudioError | None = None  # why the texture in use is not shown
        self._model: HeadModel | None = None
        self._bare: HeadModel | None = None  # the model without textures
        self._drawn: HeadModel | None = None  # one of the two
        self._mesh: DisplayMesh | None = None
        self._rows: Rows | None = None
        self._surface: Surface | None = None
        self._bounds = Bounds((0.0, 0.0, 0.0), 0.15)
        self._look, self._camera = Look(), Camera()
        self._albedo: NDArray[np.uint8] | None = None
        self._stale_heat = True
        self._stale_rows = self._stale_look = self._stale_markers = self._stale_appearance = True
        self._stale_lights = self._stale_reach = True
        self._reach_unset = True  # for the mesh in use nothing was uploaded
        self._next_reach = 0.0  # when shadows may be found again, seconds of the monotonic clock

    @property
    def is_settled(self) -> bool:
        """Whether shadows are those of what is drawn; else a draw with ``settle`` brings them up to date."""
        return not self._stale_reach

    def refresh_shadows(self) -> None:
        """Look anew at what hollows and shadows there are: more has been found out about the model."""
        self._stale_reach = True

    @property
    def bounds(self) -> Bounds:
        """The sphere around the head."""
        return self._bounds

    def set_model(self, model: HeadModel) -> None:
        """Draw heads of ``model`` from now on; nothing is seen before its first surface.

        Raises:
            StudioError: the model's texture cannot be read; the model is drawn without it.
        """
        if model is self._model:
            return
        self._model, self._surface = model, None
        self._bare = without_texture(model)
        self._read_texture()

    def set_surface(self, surface: Surface) -> None:
        """Draw ``surface``, one of the model's."""
        if surface is not self._surface:
            self._surface = surface
            self._bounds = Bounds.of(surface.vertices)
            self._stale_rows = self._stale_markers = self._stale_reach = True

    def set_look(self, look: Look) -> None:
        """Draw in another way.

        Raises:
            StudioError: the texture cannot be read; the model is drawn without it.
        """
        if look == self._look:
            return
        before, self._look = self._look, look
        self._stale_look = self._stale_markers = self._stale_lights = True
        self._stale_reach |= _casting(look) != _casting(before)
        self._stale_appearance |= _surfacing(look) != _surfacing(before)
        if look.is_smooth_surface != before.is_smooth_surface:
            self._set_mesh()
        if look.texture != before.texture:
            self._read_texture()

    def set_heat(self, distances: NDArray[np.float32] | None, comparison: Comparison) -> None:
        """Colour the head by ``distances`` (V,) in millimetres instead of the look; None: by the look."""
        if distances is not self._distances or comparison != self._comparison:
            self._distances, self._comparison = distances, comparison
            self._stale_heat = True

    def set_camera(self, camera: Camera) -> None:
        """Draw from elsewhere."""
        before, self._camera = self._camera, camera
        if (camera.azimuth, camera.elevation) != (before.azimuth, before.elevation):
            self._stale_lights = True
            self._stale_reach |= not self._look.light.in_world

    def draw(
        self,
        size: tuple[int, int],
        window: Window | None = None,
        pixel: int = 1,
        transparent: bool = False,
        fine: bool = True,
        settle: bool = True,
        checkered: bool = False,
    ) -> None:
        """Draw into the current framebuffer, whose viewport must fit.

        Args:
            size: of the whole picture, in samples.
            window: the part of it that the framebuffer holds, in samples; None: all.
            pixel: samples along one pixel of the picture.
            transparent: leave the background at alpha 0.
            fine: draw the subdivided faces; else, for pictures that move, fewer over the same points.
            settle: find the shadows of just this picture; else, for pictures that move, those of a
                moment ago may do.
            checkered: show the look's transparent background as a checkerboard.
        """
        part = window or Window(0, 0, *size)
        gloo.clear(color=(0.0, 0.0, 0.0, 0.0), depth=True)
        self._refresh(settle)
        if not transparent:
            self._backdrop.set_part(size, part, pixel, checkered)
            self._backdrop.draw()
        if self._surface is None:
            return
        view = view_matrix(self._camera)
        projection = projection_matrix(self._camera, size, self._bounds, window)
        near, far = depth_range(self._camera, self._bounds)
        if self._distances is not None:
            self._heat.set_matrices(view, projection)
            self._heat.set_view(fine, not self._camera.orthographic)
            self._heat.draw()
        else:
            self._head.set_matrices(view, projection)
            self._head.set_detail(fine, view)
            self._head.set_depths(near, far, not self._camera.orthographic)
            self._head.draw()
        if self._look.mode == "wireframe" or self._look.wire_over:
            self._wire.set_matrices(view, projection)
            self._wire.set_detail(fine)
            self._wire.set_look(self._look, max(1.0, WIRE_WIDTH * size[1]))
            self._wire.draw()
        if self._look.show_landmarks or self._look.show_joints:
            self._markers.set_matrices(view, projection)
            self._markers.set_picture(size[1], pixel, (part.width, part.height))
            self._markers.draw()
        if self._look.show_landmarks and self._look.show_landmark_numbers:
            self._draw_numbers(view, projection, size, part, pixel)

    def _read_texture(self) -> None:
        if self._model is None:
            return
        before, self._albedo, self.fault = self._albedo, None, None
        try:
            self._albedo = read_albedo(self._model, self._look.texture)
        except StudioError as error:
            self.fault = error
            raise
        finally:
            drawn = self._bare if self._albedo is None else self._model
            if drawn is not self._drawn:
                self._drawn = drawn
                self._set_mesh()
            self._stale_appearance |= self._albedo is not before

    def _draw_numbers(
        self, view: NDArray, projection: NDArray, size: tuple[int, int], part: Window, pixel: int
    ) -> None:
        """Write the landmarks' numbers, whose places depend on the camera."""
        if self._model is None or self._surface is None:
            return
        numbers = numbers_of(self._model, self._surface, self._look, self._camera, size, pixel)
        self._numbers.set_numbers(numbers)
        self._numbers.set_matrices(view, projection)
        self._numbers.set_picture(pixel, (part.width, part.height))
        self._numbers.draw()

    def _set_mesh(self) -> None:
        if self._drawn is None:
            return
        self._mesh = display_mesh(self._drawn, self._look.is_smooth_surface)
        self._rows = Rows(self._mesh)
        self._head.set_mesh(self._mesh)
        self._wire.set_mesh(self._mesh)
        self._heat.set_mesh(self._mesh)
        self._stale_heat = True
        self._stale_rows = self._stale_appearance = self._stale_reach = self._reach_unset = True

    def _refresh(self, settle: bool) -> None:
        if self._stale_look:
            self._backdrop.set_look(self._look)
            self._head.set_look(self._look)
            self._stale_look = False
        if self._stale_lights:
            self._head.set_lighting(Lighting.of(self._look, self._camera))
            self._stale_lights = False
        surface, mesh, rows = self._surface, self._mesh, self._rows
        if surface is None or mesh is None or rows is None:
            return
        if self._stale_appearance:
            self._head.set_appearance(appearance_of(mesh, self._look, self._albedo))
            self._stale_appearance = False
        if self._stale_rows:
            rows.expand(mesh, surface.vertices, surface.normals)
            self._positions.set_data(rows.positions)
            self._normals.set_data(rows.normals)
            self._stale_rows = False
        if self._stale_heat and self._distances is not None:
            signed = self._comparison.distance == "normal"
            shares = shares_of(self._distances, signed, self._comparison.farthest)
            self._heat.set_shares(heat_rows(mesh, shares), signed)
            self._stale_heat = False
        if self._stale_markers and self._model is not None:
            self._markers.set_markers(markers_of(self._model, surface, self._look))
            self._stale_markers = False
        if self._stale_reach and self._model is not None:
            self._refresh_reach(self._model, mesh, surface, settle)

    def _refresh_reach(self, model: HeadModel, mesh: DisplayMesh, surface: Surface, settle: bool) -> None:
        started = time.monotonic()
        if settle or (kernels_loaded() and started >= self._next_reach):
            self._head.set_reach(reach_of(model, mesh, surface, self._look, self._camera))
            self._stale_reach = self._reach_unset = False
            ended = time.monotonic()
            self._next_reach = ended + max(REST, PAUSE * (ended - started))
        elif self._reach_unset:
            self._head.set_reach(np.ones((mesh.row_count, 2), dtype=np.float32))
            self._reach_unset = False


def _casting(look: Look) -> tuple[object, ...]:
    """What of a look tells where shadows fall."""
    light = look.light
    place = light.azimuth, light.elevation, light.in_world, light.softness
    return look.is_lit, look.shadows, place, light.strength > 0.0


def _surfacing(look: Look) -> tuple[object, ...]:
    """What of a look tells the colours of the surface before light falls on it."""
    return look.mode, look.clay, look.finish.matcap, look.finish.matcap_picture
