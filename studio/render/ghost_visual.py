"""Ghosts of neighbouring frames as a vispy visual: depths first, then the nearest surface blended once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vispy import gloo

from studio.backends.base import Surface
from studio.flame.model import HeadModel
from studio.render.ghosts import DASH, FILL, GAP, RIM_END, RIM_START
from studio.render.placed_visual import PlacedVisual

VERTEX_SHADER = """#version 120
attribute vec3 a_position;
attribute vec3 a_normal;
uniform mat4 u_view;
uniform mat4 u_projection;
varying vec3 v_position;
varying vec3 v_normal;
void main() {
    vec4 position = u_view * vec4(a_position, 1.0);
    v_position = position.xyz;
    v_normal = mat3(u_view) * a_normal;
    gl_Position = u_projection * position;
}
"""

FRAGMENT_SHADER = f"""#version 120
uniform vec3 u_colour;
uniform float u_strength;
uniform float u_dashed;
uniform float u_perspective;
uniform vec2 u_origin;  // of the framebuffer in the picture, from the lower left, in samples
uniform float u_height;  // of the picture, in samples
varying vec3 v_position;
varying vec3 v_normal;
void main() {{
    vec3 v = mix(vec3(0.0, 0.0, 1.0), normalize(-v_position), u_perspective);
    float facing = abs(dot(normalize(v_normal), v));
    float cover = mix({FILL:.6f}, 1.0, smoothstep({RIM_START:.6f}, {RIM_END:.6f}, 1.0 - facing));
    vec2 place = gl_FragCoord.xy + u_origin;
    float wave = abs(2.0 * fract((place.x + place.y) / ({DASH:.6f} * u_height)) - 1.0);
    cover *= mix(1.0, mix({GAP:.6f}, 1.0, smoothstep(0.4, 0.6, wave)), u_dashed);
    float alpha = u_strength * cover;
    gl_FragColor = vec4(u_colour * alpha, alpha);
}}
"""


class _Slot:
    """The buffers of one ghost."""

    def __init__(self) -> None:
        self.positions, self.normals = gloo.VertexBuffer(), gloo.VertexBuffer()
        self._surface: Surface | None = None

    def show(self, surface: Surface) -> None:
        if surface is not self._surface:
            self._surface = surface
            self.positions.set_data(surface.vertices)
            self.normals.set_data(surface.normals)


class GhostVisual(PlacedVisual):
    """One ghost after another, each by buffers of its own: one in use is not written to."""

    def __init__(self) -> None:
        super().__init__(vcode=VERTEX_SHADER, fcode=FRAGMENT_SHADER)
        self.unfreeze()
        self._slots: list[_Slot] = []
        self._model: HeadModel | None = None
        self.freeze()
        self._index_buffer = gloo.IndexBuffer()
        self._draw_mode = "triangles"
        self.set_gl_state(
            depth_test=True,
            depth_func="lequal",
            cull_face=False,
            blend=True,
            blend_func=("one", "one_minus_src_alpha"),
        )

    def set_surface(self, model: HeadModel, index: int, surface: Surface) -> None:
        """Draw a head of ``model`` next, the ghost ``index`` of the picture; it is uploaded if it is new."""
        if model is not self._model:
            self._model = model
            self._index_buffer.set_data(model.faces.astype(np.uint32))
        while index >= len(self._slots):
            self._slots.append(_Slot())
        slot = self._slots[index]
        slot.show(surface)
        self.shared_program["a_position"], self.shared_program["a_normal"] = slot.positions, slot.normals

    def set_picture(self, height: int, origin: tuple[int, int], perspective: bool) -> None:
        """Height of the picture, where in it the framebuffer begins, and the kind of projection."""
        self.shared_program["u_height"] = float(height)
        self.shared_program["u_origin"] = (float(origin[0]), float(origin[1]))
        self.shared_program["u_perspective"] = float(perspective)

    def set_style(self, colour: tuple[float, float, float], strength: float, dashed: bool) -> None:
        """SRGB colour, strength 0..1, and whether the rim has gaps."""
        self.shared_program["u_colour"] = colour
        self.shared_program["u_strength"] = strength
        self.shared_program["u_dashed"] = float(dashed)

    def draw_over(self, view: NDArray, projection: NDArray) -> None:
        """Blend the ghost over what is there, whatever its depth."""
        self.set_matrices(view, projection)
        gloo.clear(color=False, depth=True)
        for colours in (False, True):
            self.update_gl_state(color_mask=(colours,) * 4, depth_mask=not colours)
            super().draw()
        gloo.set_depth_func("less")
        gloo.set_depth_mask(True)  # or the next picture's depths could not be cleared
