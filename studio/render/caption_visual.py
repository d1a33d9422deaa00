"""A caption as a vispy visual: its own pixels, one for one."""

from __future__ import annotations

import numpy as np
from vispy import gloo
from vispy.visuals import Visual

from studio.render.camera import Window
from studio.render.captions import Words

VERTEX_SHADER = """#version 120
attribute vec2 a_corner;  // 0..1, from the upper left
uniform vec4 u_box;  // left, top, width and height in device coordinates
varying vec2 v_texcoord;
void main() {
    v_texcoord = a_corner;
    gl_Position = vec4(u_box.x + u_box.z * a_corner.x, u_box.y - u_box.w * a_corner.y, 0.0, 1.0);
}
"""

FRAGMENT_SHADER = """#version 120
uniform sampler2D u_words;
varying vec2 v_texcoord;
void main() {
    gl_FragColor = texture2D(u_words, v_texcoord);
}
"""

CORNERS = np.array([[0, 0], [1, 0], [0, 1], [1, 1]], dtype=np.float32)


class CaptionVisual(Visual):
    """Words over everything else."""

    def __init__(self) -> None:
        super().__init__(vcode=VERTEX_SHADER, fcode=FRAGMENT_SHADER)
        self.unfreeze()
        self._words: Words | None = None
        self._texture: gloo.Texture2D | None = None
        self.freeze()
        self.shared_program["a_corner"] = gloo.VertexBuffer(CORNERS)
        self._draw_mode = "triangle_strip"
        self.set_gl_state(depth_test=False, blend=True, blend_func=("one", "one_minus_src_alpha"))

    def _prepare_transforms(self, view: Visual) -> None:
        """Nothing: it is placed by device coordinates."""

    def set_words(self, words: Words, part: Window, pixel: int) -> None:
        """What is written, on a framebuffer that shows ``part`` of the picture, in samples."""
        if self._words is None or words.pixels is not self._words.pixels:
            self._texture = gloo.Texture2D(
                words.pixels, interpolation="nearest", wrapping="clamp_to_edge", internalformat="rgba"
            )
            self.shared_program["u_words"] = self._texture
        self._words = words
        height, width = words.pixels.shape[:2]
        self.shared_program["u_box"] = (
            2.0 * (words.left * pixel - part.x) / part.width - 1.0,
            1.0 - 2.0 * (words.top * pixel - part.y) / part.height,
            2.0 * width * pixel / part.width,
            2.0 * height * pixel / part.height,
        )
