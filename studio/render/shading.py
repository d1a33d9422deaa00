"""How surfaces are lit: one set of constants and formulas, as GLSL for the GPU and as NumPy for the CPU.

Light is computed in linear space and view coordinates. A key light is fixed to the camera; a fill from
the other side and a sky above keep the shadows soft. Skin wraps its red light farther round than its
blue, which is what light scattered beneath it looks like. Gloss is Blinn-Phong, normalised, with
Schlick's Fresnel term.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.document.look import Light, Look

Array = NDArray[np.float32]
Vector = tuple[float, float, float]

# sRGB's curves without pow(), fitted for the smallest greatest error: powers 1 to 4 of the display value,
# and the square, fourth and eighth root and first power of the light
DECODE = (0.05799, 0.38018, 0.85606, -0.29423)
ENCODE = (0.64265, 0.71187, -0.33678, -0.01774)

# linear light
KEY_COLOUR: Vector = (1.02, 0.965, 0.90)
FILL_COLOUR: Vector = (0.96, 0.93, 0.97)
SKY_COLOUR: Vector = (0.99, 0.96, 0.99)
RIM_COLOUR: Vector = (1.05, 0.90, 0.80)
GROUND_COLOUR: Vector = (0.80, 0.55, 0.46)
KEY_GAIN, FILL_GAIN, AMBIENT_GAIN, RIM_GAIN = 1.16, 0.13, 0.53, 0.24
FILL_DIRECTION: Vector = (-0.8280, 0.1197, 0.5487)  # unit, view space
FILL_WRAP = 0.5
SKIN_WRAP: Vector = (0.60, 0.40, 0.36)
PLAIN_WRAP = 0.22
SOFTNESS = 0.75  # 1: no edge at all where the key light ends

# strengths of Blinn-Phong lobes; their exponents are powers of two, so that no pow() is needed
GLOSS_SKIN_8, GLOSS_SKIN_32, GLOSS_LIPS_64, GLOSS_WET_128, GLOSS_EYE_512 = 0.30, 0.26, 0.75, 0.55, 1.5
FRESNEL = 0.04
BACK_SHADE = 0.5  # the inside of the surface beside the outside
MOUTH_SHADE: Vector = (0.72, 0.84, 0.86)  # how much light is missing in the depth of the mouth, by colour
EYE_SHADE, LID_SHADE = 0.10, 0.50  # light missing on the whole eyeball, and more of it under the lid
CATCH = 2.4  # how much nearer to the eye of the beholder the light stands that eyes reflect
CLAY_GLOSS = 0.6  # of skin's
CLAY_MOUTH = 0.5  # of the darkness inside the mouth, without textures

WIRE_GROUND, WIRE_LINE = 0.17, 0.85  # clay under the lines, and the lines, as shares of the clay's colour
BACKGROUND_TOP, BACKGROUND_BOTTOM = 1.13, 0.87  # the background's gradient about its colour
DEPTH_NEAR, DEPTH_FAR = 1.0, 0.12  # grey of the nearest and the farthest point of the head


@dataclass(frozen=True)
class Lighting:
    """The look's light in the numbers that both kinds of shader take; directions in view space."""

    key: Vector
    key_strength: float
    ambient: float

    @classmethod
    def of(cls, light: Light) -> Lighting:
        """Angles to a unit vector from the head towards the key light."""
        level = math.cos(light.elevation)
        direction = (
            level * math.sin(light.azimuth),
            math.sin(light.elevation),
            level * math.cos(light.azimuth),
        )
        return cls(direction, KEY_GAIN * light.strength, AMBIENT_GAIN * light.ambient)


def to_linear(srgb: NDArray) -> NDArray:
    """IEC 61966-2-1 within half a step of 8 bits: display values 0..1 to light."""
    a, b, c, d = DECODE
    return np.asarray(srgb * (a + srgb * (b + srgb * (c + srgb * d))))


def to_srgb(linear: NDArray) -> NDArray:
    """IEC 61966-2-1 within a tenth of a step of 8 bits: light to display values 0..1, clipped."""
    clipped = np.clip(linear, 0.0, 1.0)
    root2 = np.sqrt(clipped)
    root4 = np.sqrt(root2)
    a, b, c, d = ENCODE
    curve = a * root2 + b * root4 + c * np.sqrt(root4) + d * clipped
    return np.where(clipped <= 0.0031308, clipped * 12.92, curve)


def background_at(look: Look, heights: NDArray) -> Array:
    """SRGB colours (N, 3) of the background at ``heights`` (N,), 0 at the bottom and 1 at the top."""
    shade = BACKGROUND_BOTTOM + (BACKGROUND_TOP - BACKGROUND_BOTTOM) * heights
    return np.clip(shade[:, None] * np.array(look.background), 0.0, 1.0).astype(np.float32)


def wire_colour(look: Look) -> Array:
    """SRGB (3,) of the lines in the wireframe mode."""
    return to_srgb(to_linear(np.array(look.clay, dtype=np.float32)) * WIRE_LINE).astype(np.float32)


def _glsl(name: str, value: float | tuple[float, ...]) -> str:
    if isinstance(value, tuple):
        return (
            f"const vec{len(value)} {name} = vec{len(value)}({', '.join(f'{part:.6f}' for part in value)});"
        )
    return f"const float {name} = {value:.6f};"


def glsl_constants() -> str:
    """The numbers above as GLSL constants of the same names."""
    return "\n".join(
        _glsl(name, value)
        for name, value in globals().items()
        if name.isupper() and isinstance(value, (float, tuple))
    )


GLSL_SHADING = """
vec3 to_linear(vec3 c) {
    return c * (DECODE.x + c * (DECODE.y + c * (DECODE.z + c * DECODE.w)));
}
vec3 to_srgb(vec3 light) {
    vec3 c = clamp(light, 0.0, 1.0);
    vec3 r2 = sqrt(c), r4 = sqrt(r2), r8 = sqrt(r4);
    vec3 curve = ENCODE.x * r2 + ENCODE.y * r4 + ENCODE.z * r8 + ENCODE.w * c;
    return mix(curve, c * 12.92, vec3(lessThanEqual(c, vec3(0.0031308))));
}
vec3 lit(vec3 albedo, vec4 traits, float skin, vec3 n, vec3 v, float up, float facing) {
    float eye = traits.y, wet = traits.z;
    vec3 key = u_key.xyz;
    vec3 wrap = mix(vec3(PLAIN_WRAP), SKIN_WRAP, skin);
    float n_key = dot(n, key);
    vec3 reached = clamp((n_key + wrap) / (1.0 + wrap), 0.0, 1.0);
    vec3 diffuse = reached * mix(vec3(1.0), reached, SOFTNESS) * KEY_COLOUR * u_key.w;
    float n_fill = clamp((dot(n, FILL_DIRECTION) + FILL_WRAP) / (1.0 + FILL_WRAP), 0.0, 1.0);
    vec3 sky = mix(GROUND_COLOUR, SKY_COLOUR, 0.5 + 0.5 * up);
    vec3 soft = FILL_COLOUR * (FILL_GAIN * n_fill) + sky * u_ambient;
    vec3 shade = 1.0 - MOUTH_SHADE * traits.w;
    shade *= 1.0 - eye * (EYE_SHADE + LID_SHADE * smoothstep(-0.12, 0.50, up));
    shade *= mix(BACK_SHADE, 1.0, facing);
    vec3 h = normalize(key + v);
    vec3 middle = normalize(key + mix(1.0, CATCH, eye) * v);
    float x = clamp(dot(n, middle), 0.0, 1.0), x2 = x * x, x4 = x2 * x2, x8 = x4 * x4;
    float x16 = x8 * x8, x32 = x16 * x16, x64 = x32 * x32, x128 = x64 * x64;
    float x256 = x128 * x128, x512 = x256 * x256;
    float dull = 1.0 - max(eye, wet);
    float gloss = dull * (GLOSS_SKIN_8 * 16.0 * x8 + GLOSS_SKIN_32 * 40.0 * x32) * mix(CLAY_GLOSS, 1.0, skin)
        + traits.x * GLOSS_LIPS_64 * 72.0 * x64 + wet * GLOSS_WET_128 * 136.0 * x128
        + eye * GLOSS_EYE_512 * 520.0 * x512;
    float past = 1.0 - clamp(dot(v, h), 0.0, 1.0), past2 = past * past;
    float fresnel = FRESNEL + (1.0 - FRESNEL) * past2 * past2 * past;
    gloss *= fresnel * (1.0 / 25.1327) * u_key.w * clamp(n_key * 4.0, 0.0, 1.0) * facing;
    float away = 1.0 - clamp(dot(n, v), 0.0, 1.0), away2 = away * away;
    float edge = away2 * away2 * RIM_GAIN * (0.2 + 0.8 * clamp(up, 0.0, 1.0)) * dull * facing * u_ambient;
    return shade * (albedo * (diffuse + soft) + gloss * KEY_COLOUR + edge * RIM_COLOUR);
}
"""


def lit(
    lighting: Lighting,
    albedo: Array,
    traits: Array,
    skin: float,
    normals: Array,
    views: Array,
    up: Array,
    facing: Array,
) -> Array:
    """Linear light (N, 3) that N points of the surface send to the eye.

    Args:
        lighting: key light and ambient.
        albedo: (N, 3) linear.
        traits: (N, 4) see materials.
        skin: 1 for skin, 0 for clay.
        normals: (N, 3) unit, view space, turned to the eye.
        views: (N, 3) unit, from the points to the eye.
        up: (N,) height of the world's normal, -1..1.
        facing: (N,) 1 where the outside of the surface is seen, 0 the inside.
    """
    eye, wet = traits[:, 1:2], traits[:, 2:3]
    key = _vector(lighting.key)
    up, facing = up[:, None], facing[:, None]
    wrap = (1.0 - skin) * PLAIN_WRAP + skin * _vector(SKIN_WRAP)
    n_key = (normals @ key)[:, None]
    reached = np.clip((n_key + wrap) / (1.0 + wrap), 0.0, 1.0)
    diffuse = reached * (1.0 - SOFTNESS + SOFTNESS * reached) * _vector(KEY_COLOUR) * lighting.key_strength
    n_fill = np.clip(((normals @ _vector(FILL_DIRECTION))[:, None] + FILL_WRAP) / (1.0 + FILL_WRAP), 0.0, 1.0)
    sky = mix(_vector(GROUND_COLOUR), _vector(SKY_COLOUR), 0.5 + 0.5 * up)
    soft = _vector(FILL_COLOUR) * (FILL_GAIN * n_fill) + sky * lighting.ambient
    shade = 1.0 - _vector(MOUTH_SHADE) * traits[:, 3:4]
    shade = (
        shade
        * (1.0 - eye * (EYE_SHADE + LID_SHADE * smoothstep(-0.12, 0.50, up)))
        * mix(BACK_SHADE, 1.0, facing)
    )
    h = key + views
    h = h / np.linalg.norm(h, axis=1, keepdims=True)
    middle = key + (1.0 + (CATCH - 1.0) * eye) * views
    middle = middle / np.linalg.norm(middle, axis=1, keepdims=True)
    n_h = np.clip((normals * middle).sum(axis=1, keepdims=True), 0.0, 1.0)
    n_v = np.clip((normals * views).sum(axis=1, keepdims=True), 0.0, 1.0)
    v_h = np.clip((views * h).sum(axis=1, keepdims=True), 0.0, 1.0)
    fresnel = FRESNEL + (1.0 - FRESNEL) * (1.0 - v_h) ** 5
    dull = 1.0 - np.maximum(eye, wet)
    gloss = dull * (GLOSS_SKIN_8 * 16.0 * n_h**8 + GLOSS_SKIN_32 * 40.0 * n_h**32)
    gloss = gloss * (CLAY_GLOSS + (1.0 - CLAY_GLOSS) * skin) + traits[:, :1] * GLOSS_LIPS_64 * 72.0 * n_h**64
    gloss = gloss + wet * GLOSS_WET_128 * 136.0 * n_h**128 + eye * GLOSS_EYE_512 * 520.0 * n_h**512
    gloss = (
        gloss * fresnel * (1.0 / 25.1327) * lighting.key_strength * np.clip(n_key * 4.0, 0.0, 1.0) * facing
    )
    edge = (
        (1.0 - n_v) ** 4 * RIM_GAIN * (0.2 + 0.8 * np.clip(up, 0.0, 1.0)) * dull * facing * lighting.ambient
    )
    return shade * (albedo * (diffuse + soft) + gloss * _vector(KEY_COLOUR) + edge * _vector(RIM_COLOUR))


def _vector(values: Vector) -> Array:
    return np.array(values, dtype=np.float32)


def mix(a: NDArray | float, b: NDArray | float, t: NDArray) -> NDArray:
    """GLSL's: ``a`` where ``t`` is 0, ``b`` where it is 1."""
    return a + (b - a) * t


def smoothstep(low: float, high: float, x: NDArray) -> NDArray:
    """GLSL's: 0 at ``low``, 1 at ``high``, smooth between."""
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)
