"""What is behind the head as a vispy visual."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vispy import gloo
from vispy.visuals import Visual

from studio.document.look import Look
from studio.render.backdrop import CHECKER, SQUARE, backdrop_picture, background_at
from studio.render.camera import Window

VERTEX_SHADER = """#version 120
attribute vec2 a_corner;
uniform vec4 u_part;  // left, bottom, width and height of the framebuffer in the whole picture, in samples
varying vec2 v_place;
void main() {
    v_place = u_part.xy + u_part.zw * (0.5 + 0.5 * a_corner);
    gl_Position = vec4(a_corner, 0.0, 1.0);
}
"""

FRAGMENT_SHADER = f"""#version 120
uniform vec3 u_bottom;
uniform vec3 u_top;
uniform float u_kind;  // 0: between both colours, 1: the picture, 2: a checkerboard
uniform vec2 u_size;  // of the whole picture, in samples
uniform float u_square;  // of the checkerboard, in samples
uniform sampler2D u_picture;
varying vec2 v_place;
void main() {{
    vec3 colour = mix(u_bottom, u_top, v_place.y / u_size.y);
    vec2 down = vec2(v_place.x, u_size.y - v_place.y);
    if (u_kind > 1.5) {{
        vec2 square = floor(down / u_square);
        colour = vec3(mix({CHECKER[0]:.6f}, {CHECKER[1]:.6f}, mod(square.x + square.y, 2.0)));
    }} else if (u_kind > 0.5) {{
        colour = texture2D(u_picture, down / u_size).rgb;
    }}
    gl_FragColor = vec4(colour, 1.0);
}}
"""

CORNERS = np.array([[-1, -1], [1, -1], [-1, 1], [1, 1]], dtype=np.float32)


class BackdropVisual(Visual):
    """Colours, a picture or a checkerboard over the whole framebuffer."""

    def __init__(self) -> None:
        super().__init__(vcode=VERTEX_SHADER, fcode=FRAGMENT_SHADER)
        self.unfreeze()
        self._look = Look()
        self._image: NDArray[np.uint8] | None = None
        self._texture: gloo.Texture2D | None = None
        self.freeze()
        self.shared_program["a_corner"] = gloo.VertexBuffer(CORNERS)
        self._set_image(np.zeros((1, 1, 3), dtype=np.uint8))
        self._draw_mode = "triangle_strip"
        self.set_gl_state(depth_test=False, blend=False)

    def _prepare_transforms(self, view: Visual) -> None:
        """Nothing: it fills the framebuffer."""

    def set_look(self, look: Look) -> None:
        """The colours at both ends, and what else there is."""
        self._look = look
        bottom, top = background_at(look, np.array([0.0, 1.0], dtype=np.float32))
        self.shared_program["u_bottom"], self.shared_program["u_top"] = tuple(bottom), tuple(top)

    def set_part(self, size: tuple[int, int], part: Window, pixel: int, checkered: bool) -> None:
        """What the framebuffer shows.

        Args:
            size: of the whole picture, in samples.
            part: of it, in samples.
            pixel: samples along one pixel of the picture.
            checkered: show a transparent background as a checkerboard.
        """
        program = self.shared_program
        program["u_part"] = (part.x, size[1] - part.y - part.height, part.width, part.height)
        program["u_size"] = (float(size[0]), float(size[1]))
        program["u_square"] = float(SQUARE * pixel)
        picture = backdrop_picture(self._look, (size[0] // pixel, size[1] // pixel))
        if picture is not None and picture is not self._image:
            self._set_image(picture)
        transparent = checkered and self._look.backdrop.kind == "transparent"
        program["u_kind"] = 2.0 if transparent else float(picture is not None)

    def _set_image(self, image: NDArray[np.uint8]) -> None:
        self._image = image
        self._texture = gloo.Texture2D(image, interpolation="nearest", wrapping="clamp_to_edge")
        self.shared_program["u_picture"] = self._texture
