"""Numbers as a vispy visual: a quad for each digit, with its distance field for a texture."""

from __future__ import annotations

import numpy as np
from vispy import gloo

from studio.render.digits import CELL, REACH, digit_field
from studio.render.marker_visual import CORNERS, QUAD
from studio.render.numbers import (
    HALO,
    HALO_ALPHA,
    HALO_COLOUR,
    NUMBER_COLOUR,
    STROKE,
    Numbers,
)
from studio.render.placed_visual import PlacedVisual

VERTEX_SHADER = f"""#version 120
attribute vec3 a_center;
attribute vec2 a_offset;
attribute vec2 a_corner;
attribute float a_digit;
uniform mat4 u_view;
uniform mat4 u_projection;
uniform vec2 u_samples;  // size of the framebuffer
uniform float u_height;  // of a digit, in samples
varying vec2 v_texel;
void main() {{
    vec4 place = u_projection * u_view * vec4(a_center, 1.0);
    vec2 offset = vec2(a_offset.x, -a_offset.y);
    offset += 0.5 * u_height * a_corner * vec2({CELL[0]:.6f}, {CELL[1]:.6f});
    v_texel = vec2((a_digit + 0.5 + 0.5 * a_corner.x) / 10.0, 0.5 - 0.5 * a_corner.y);
    gl_Position = vec4(place.xy + offset * 2.0 / u_samples * place.w, place.zw);
}}
"""

FRAGMENT_SHADER = f"""#version 120
uniform sampler2D u_digits;
uniform float u_height;
uniform float u_pixel;  // size of a pixel, in samples
varying vec2 v_texel;
void main() {{
    float distance = (1.0 - texture2D(u_digits, v_texel).r) * {REACH:.6f};
    float soft = 0.5 * u_pixel / u_height;
    float halo = {HALO_ALPHA:.6f} * (1.0 - smoothstep({HALO:.6f} - soft, {HALO:.6f} + soft, distance));
    float ink = 1.0 - smoothstep({STROKE:.6f} - soft, {STROKE:.6f} + soft, distance);
    float alpha = max(halo, ink);
    vec3 colour = mix(vec3({", ".join(f"{part:.6f}" for part in HALO_COLOUR)}),
        vec3({", ".join(f"{part:.6f}" for part in NUMBER_COLOUR)}), ink);
    if (alpha < 0.004) discard;
    gl_FragColor = vec4(colour * alpha, alpha);
}}
"""


class NumberVisual(PlacedVisual):
    """Numbers of a size on the screen, over everything else."""

    def __init__(self) -> None:
        super().__init__(vcode=VERTEX_SHADER, fcode=FRAGMENT_SHADER)
        self.unfreeze()
        self._count = 0
        self._field: gloo.Texture2D | None = None
        self.freeze()
        self._index_buffer = gloo.IndexBuffer()
        self._draw_mode = "triangles"
        self.set_gl_state(depth_test=False, blend=True, blend_func=("one", "one_minus_src_alpha"))

    def set_numbers(self, numbers: Numbers) -> None:
        """Upload what is to be written."""
        self._count = numbers.count
        if not numbers.count:
            return
        program = self.shared_program
        if self._field is None:
            self._field = gloo.Texture2D(
                digit_field(), interpolation="linear", wrapping="clamp_to_edge", internalformat="luminance"
            )
            program["u_digits"] = self._field
        for name, values in (
            ("a_center", numbers.points),
            ("a_offset", numbers.offsets),
            ("a_digit", numbers.digits),
        ):
            program[name] = np.repeat(values, 4, axis=0)
        program["u_height"] = numbers.height
        program["a_corner"] = np.tile(CORNERS, (numbers.count, 1))
        firsts = 4 * np.arange(numbers.count, dtype=np.uint32)
        self._index_buffer.set_data((firsts[:, None] + QUAD).ravel())

    def set_picture(self, pixel: int, framebuffer: tuple[int, int]) -> None:
        """Width of a pixel and size of the framebuffer, both in samples."""
        self.shared_program["u_pixel"] = float(pixel)
        self.shared_program["u_samples"] = (float(framebuffer[0]), float(framebuffer[1]))

    def draw(self) -> None:
        """Write them."""
        if self._count:
            super().draw()
