"""Markers as a vispy visual: discs as pairs of triangles, so that every OpenGL draws them alike."""

from __future__ import annotations

import numpy as np
from vispy import gloo

from studio.render.markers import HIDDEN_ALPHA, LIFT, RING, RING_COLOUR, SMALLEST_RADIUS, Markers
from studio.render.placed_visual import PlacedVisual

VERTEX_SHADER = f"""#version 120
attribute vec3 a_center;
attribute vec2 a_corner;
attribute vec3 a_colour;
attribute float a_radius;
attribute float a_through;
uniform mat4 u_view;
uniform mat4 u_projection;
uniform vec2 u_picture;  // height of the whole picture and size of a pixel, both in samples
uniform vec2 u_samples;  // size of the framebuffer
uniform float u_behind;
varying vec2 v_corner;
varying vec3 v_colour;
varying float v_radius;
varying float v_alpha;
void main() {{
    vec4 center = u_view * vec4(a_center, 1.0);
    center.z += {LIFT:.6f};
    v_radius = max(a_radius * u_picture.x, {SMALLEST_RADIUS:.6f} * u_picture.y);
    v_corner = a_corner * (v_radius + u_picture.y);
    v_colour = a_colour;
    v_alpha = u_behind > 0.5 ? mix({HIDDEN_ALPHA:.6f}, 1.0, a_through) : 1.0 - a_through;
    gl_Position = u_projection * center;
    gl_Position.xy += v_corner * 2.0 / u_samples * gl_Position.w;
}}
"""

FRAGMENT_SHADER = f"""#version 120
uniform vec2 u_picture;
varying vec2 v_corner;
varying vec3 v_colour;
varying float v_radius;
varying float v_alpha;
void main() {{
    float r = length(v_corner), soft = 0.5 * u_picture.y;
    float alpha = v_alpha * (1.0 - smoothstep(v_radius - soft, v_radius + soft, r));
    float ring = smoothstep({RING:.6f} * v_radius - soft, {RING:.6f} * v_radius + soft, r);
    vec3 colour = mix(v_colour, vec3({", ".join(f"{part:.6f}" for part in RING_COLOUR)}), ring);
    if (alpha < 0.004) discard;
    gl_FragColor = vec4(colour * alpha, alpha);
}}
"""

CORNERS = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], dtype=np.float32)
QUAD = np.array([0, 1, 2, 0, 2, 3], dtype=np.uint32)


class MarkerVisual(PlacedVisual):
    """Discs of a size on the screen; those behind the head are drawn faintly."""

    def __init__(self) -> None:
        super().__init__(vcode=VERTEX_SHADER, fcode=FRAGMENT_SHADER)
        self.unfreeze()
        self._count = 0
        self.freeze()
        self._index_buffer = gloo.IndexBuffer()
        self._draw_mode = "triangles"
        self.set_gl_state(
            depth_test=True, depth_mask=False, blend=True, blend_func=("one", "one_minus_src_alpha")
        )

    def set_markers(self, markers: Markers) -> None:
        """Upload what is to be drawn."""
        self._count = markers.count
        if not markers.count:
            return
        program = self.shared_program
        program["a_center"] = np.repeat(markers.points, 4, axis=0)
        program["a_colour"] = np.repeat(markers.colours, 4, axis=0)
        program["a_radius"] = np.repeat(markers.radii, 4)
        program["a_through"] = np.repeat(markers.through, 4)
        program["a_corner"] = np.tile(CORNERS, (markers.count, 1))
        firsts = 4 * np.arange(markers.count, dtype=np.uint32)
        self._index_buffer.set_data((firsts[:, None] + QUAD).ravel())

    def set_picture(self, height: int, pixel: int, framebuffer: tuple[int, int]) -> None:
        """Height of the whole picture, width of a pixel, and size of the framebuffer, all in samples."""
        self.shared_program["u_picture"] = (float(height), float(pixel))
        self.shared_program["u_samples"] = (float(framebuffer[0]), float(framebuffer[1]))

    def draw(self) -> None:
        """Draw faintly what is hidden, then what is not."""
        if not self._count:
            return
        for behind in (True, False):
            self.shared_program["u_behind"] = float(behind)
            self.update_gl_state(depth_test=not behind)
            super().draw()
        gloo.set_depth_mask(True)  # or the next picture's depths could not be cleared
