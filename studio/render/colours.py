"""Between display values and light: IEC 61966-2-1 (sRGB), the same for both kinds of shader."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# sRGB's curves without pow(), fitted for the smallest greatest error: powers 1 to 4 of the display value,
# and the square, fourth and eighth root and first power of the light
DECODE = (0.05799, 0.38018, 0.85606, -0.29423)
ENCODE = (0.64265, 0.71187, -0.33678, -0.01774)

GLSL_COLOURS = """
vec3 to_linear(vec3 c) {
    return c * (DECODE.x + c * (DECODE.y + c * (DECODE.z + c * DECODE.w)));
}
vec3 to_srgb(vec3 light) {
    vec3 c = clamp(light, 0.0, 1.0);
    vec3 r2 = sqrt(c), r4 = sqrt(r2), r8 = sqrt(r4);
    vec3 curve = ENCODE.x * r2 + ENCODE.y * r4 + ENCODE.z * r8 + ENCODE.w * c;
    return mix(curve, c * 12.92, vec3(lessThanEqual(c, vec3(0.0031308))));
}
"""


def to_linear(srgb: NDArray) -> NDArray:
    """Display values 0..1 to light, within half a step of 8 bits."""
    a, b, c, d = DECODE
    return np.asarray(srgb * (a + srgb * (b + srgb * (c + srgb * d))))


def to_srgb(linear: NDArray) -> NDArray:
    """Light to display values 0..1, clipped, within a tenth of a step of 8 bits."""
    clipped = np.clip(linear, 0.0, 1.0)
    root2 = np.sqrt(clipped)
    root4 = np.sqrt(root2)
    a, b, c, d = ENCODE
    curve = a * root2 + b * root4 + c * np.sqrt(root4) + d * clipped
    return np.where(clipped <= 0.0031308, clipped * 12.92, curve)
