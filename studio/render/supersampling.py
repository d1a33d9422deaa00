"""A finer picture on the screen: four samples a pixel through a framebuffer twice as large."""

from __future__ import annotations

import numpy as np
from vispy import gloo

from studio.render.picture_scene import PictureScene

FACTOR = 2
SOFTWARE_NAMES = ("llvmpipe", "softpipe", "swrast", "software", "swiftshader", "gdi generic", "warp")

VERTEX_SHADER = """#version 120
attribute vec2 a_corner;
varying vec2 v_texcoord;
void main() {
    v_texcoord = 0.5 + 0.5 * a_corner;
    gl_Position = vec4(a_corner, 0.0, 1.0);
}
"""

# the linear filter at the corner of four samples is their mean
FRAGMENT_SHADER = """#version 120
uniform sampler2D u_samples;
varying vec2 v_texcoord;
void main() {
    gl_FragColor = texture2D(u_samples, v_texcoord);
}
"""


def is_software(renderer: str) -> bool:
    """Whether an OpenGL renderer of this name draws on the processor."""
    return any(name in renderer.lower() for name in SOFTWARE_NAMES)


class Supersampler:
    """Draws scenes into the current framebuffer with four samples a pixel."""

    def __init__(self) -> None:
        self._program = gloo.Program(VERTEX_SHADER, FRAGMENT_SHADER)
        self._program["a_corner"] = np.array([[-1, -1], [1, -1], [-1, 1], [1, 1]], dtype=np.float32)
        self._samples: gloo.Texture2D | None = None
        self._framebuffer: gloo.FrameBuffer | None = None
        self._size = (0, 0)

    def draw(
        self, scene: PictureScene, size: tuple[int, int], settle: bool = True, checkered: bool = False
    ) -> None:
        """Draw the whole picture of ``size`` pixels; see :meth:`HeadScene.draw` for the rest."""
        width, height = size[0] * FACTOR, size[1] * FACTOR
        with self._buffer(width, height):
            gloo.set_viewport(0, 0, width, height)
            scene.draw((width, height), pixel=FACTOR, settle=settle, checkered=checkered)
        gloo.set_viewport(0, 0, *size)
        gloo.set_state(depth_test=False, blend=False)
        self._program.draw("triangle_strip")

    def _buffer(self, width: int, height: int) -> gloo.FrameBuffer:
        if self._framebuffer is None:
            self._samples = gloo.Texture2D(
                (height, width, 4), format="rgba", interpolation="linear", wrapping="clamp_to_edge"
            )
            self._framebuffer = gloo.FrameBuffer(
                color=self._samples, depth=gloo.RenderBuffer((height, width), "depth")
            )
            self._program["u_samples"] = self._samples
        elif (width, height) != self._size:
            self._framebuffer.resize((height, width))
        self._size = (width, height)
        return self._framebuffer
