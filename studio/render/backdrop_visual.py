"""The canvas's faint vertical gradient."""

from __future__ import annotations

import numpy as np
from vispy import gloo
from vispy.visuals import Visual

from studio.document.look import Look
from studio.render.backdrop import background_at

VERTEX_SHADER = """#version 120
attribute vec2 a_corner;
uniform vec2 u_span;  // heights of the bottom and the top of what is drawn, 0..1 of the whole picture
varying float v_height;
void main() {
    v_height = mix(u_span.x, u_span.y, 0.5 + 0.5 * a_corner.y);
    gl_Position = vec4(a_corner, 0.0, 1.0);
}
"""

FRAGMENT_SHADER = """#version 120
uniform vec3 u_bottom;
uniform vec3 u_top;
varying float v_height;
void main() {
    gl_FragColor = vec4(mix(u_bottom, u_top, v_height), 1.0);
}
"""

CORNERS = np.array([[-1, -1], [1, -1], [-1, 1], [1, 1]], dtype=np.float32)


class BackdropVisual(Visual):
    """A gradient over the whole framebuffer."""

    def __init__(self) -> None:
        super().__init__(vcode=VERTEX_SHADER, fcode=FRAGMENT_SHADER)
        self.shared_program["a_corner"] = gloo.VertexBuffer(CORNERS)
        self._draw_mode = "triangle_strip"
        self.set_gl_state(depth_test=False, blend=False)
        self.set_span(0.0, 1.0)

    def _prepare_transforms(self, view: Visual) -> None:
        """Nothing: it fills the framebuffer."""

    def set_look(self, look: Look) -> None:
        """The colours at both ends."""
        bottom, top = background_at(look, np.array([0.0, 1.0], dtype=np.float32))
        self.shared_program["u_bottom"], self.shared_program["u_top"] = tuple(bottom), tuple(top)

    def set_span(self, bottom: float, top: float) -> None:
        """Which part of the gradient the framebuffer shows."""
        self.shared_program["u_span"] = (bottom, top)
