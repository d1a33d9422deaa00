"""How surfaces are lit: one set of constants and formulas, as GLSL for the GPU and as NumPy for the CPU.

Light is computed in linear space and view coordinates. Three lamps, a sky above a warm ground, and
spherical harmonics. Skin wraps its red light farther round than its blue, which is what light
scattered beneath it looks like. Gloss is Blinn-Phong, normalised, with Schlick's Fresnel term; eyes
show each lamp as the square window of a soft box.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.document.look import Finish, Look
from studio.render.colours import DECODE as DECODE
from studio.render.colours import ENCODE as ENCODE
from studio.render.colours import GLSL_COLOURS, to_linear, to_srgb
from studio.render.lighting import Lighting, Source

Array = NDArray[np.float32]
Vector = tuple[float, float, float]

# linear light
SKY_COLOUR: Vector = (0.99, 0.96, 0.99)
RIM_COLOUR: Vector = (1.05, 0.90, 0.80)
GROUND_COLOUR: Vector = (0.80, 0.55, 0.46)
CLAY_GROUND: Vector = (0.62, 0.60, 0.60)
RIM_GAIN = 0.24
SOFTNESS = 0.75  # 1: no edge at all where a lamp's light ends
SHADOW_TINT: Vector = (0.24, 0.04, 0.0)  # how much light leaks through skin into the rim of a shadow

# strengths of normalised Blinn-Phong lobes; their exponents are powers of two, so that no pow() is needed
GLOSS_SKIN_8, GLOSS_SKIN_32, GLOSS_SKIN_128 = 0.191, 0.414, 2.43
GLOSS_LIPS_64, GLOSS_WET_128 = 2.15, 2.98
FRESNEL = 0.04
BACK_SHADE = 0.5  # the inside of the surface beside the outside
MOUTH_SHADE: Vector = (0.72, 0.84, 0.86)  # how much light is missing in the depth of the mouth, by colour
EYE_SHADE, LID_SHADE = 0.10, 0.50  # light missing on the whole eyeball, and more of it under the lid
CATCH = 2.4  # how much nearer to the eye of the beholder a lamp stands that eyes reflect
WINDOW_GAIN = 1.2  # light of a lamp's reflection in the eye
WINDOW_SIZE, WINDOW_EDGE = 0.072, 0.014  # its half side and half its border's width, in tilt of the normal
EYE_SHADOW = 0.5  # how much of the key light's shadow falls on eyes
CLAY_GLOSS = 0.6  # of skin's
CLAY_MOUTH = 0.5  # of the darkness inside the mouth, without textures

BALL = 0.985  # radius of a matcap's ball on its picture, so that nothing beside it is ever seen
WIRE_GROUND, WIRE_LINE = 0.17, 0.85  # clay under the lines, and the lines, as shares of the clay's colour
WIRE_OVER = (0.05, 0.06, 0.07, 0.55)  # sRGB and alpha of lines over another shading
DEPTH_NEAR, DEPTH_FAR = 1.0, 0.12  # grey of the nearest and the farthest point of the head


def wire_colour(look: Look) -> Array:
    """SRGB and alpha (4,) of the lines."""
    if look.mode != "wireframe":
        return np.array(WIRE_OVER, dtype=np.float32)
    lines = to_srgb(to_linear(np.array(look.clay, dtype=np.float32)) * WIRE_LINE)
    return np.append(lines, np.float32(1.0)).astype(np.float32)


def finish_numbers(finish: Finish, skin: float) -> tuple[float, float, float, float]:
    """Strengths of the lobes 8, 32 and 128 of skin, and of the windows in the eyes."""
    rough = min(max(finish.roughness, 0.0), 1.0)
    wide, sharp = 2.0 * rough, min(2.0 - 2.0 * rough, 1.0 + rough)
    gloss = finish.gloss * (CLAY_GLOSS + (1.0 - CLAY_GLOSS) * skin)
    return (
        gloss * GLOSS_SKIN_8 * wide,
        gloss * GLOSS_SKIN_32 * sharp,
        gloss * GLOSS_SKIN_128 * max(1.0 - 2.0 * rough, 0.0),
        finish.catch * WINDOW_GAIN,
    )


def leak(skin: float) -> Vector:
    """How much light leaks into the rim of a shadow, by colour."""
    red, green, blue = SHADOW_TINT
    return (4.0 * skin * red, 4.0 * skin * green, 4.0 * skin * blue)


def ground_colour(skin: float) -> Vector:
    """The light from below: thrown back by shoulders under skin."""
    return GROUND_COLOUR if skin > 0.5 else CLAY_GROUND


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


GLSL_SHADING = (
    GLSL_COLOURS
    + """
float reached(vec3 n, vec4 lamp) {
    float share = clamp(1.0 - lamp.w * (1.0 - dot(n, lamp.xyz)), 0.0, 1.0);
    return share * (1.0 - SOFTNESS + SOFTNESS * share);
}
float window(vec3 n, vec3 v, vec3 direction) {
    vec2 pane = abs(n.xy - normalize(direction + CATCH * v).xy);
    pane = clamp((WINDOW_SIZE + WINDOW_EDGE - pane) * (0.5 / WINDOW_EDGE), 0.0, 1.0);
    return pane.x * pane.y;
}
vec2 on_ball(vec3 n, vec3 v) {
    return 0.5 + BALL * 0.5 * (n.xy - v.xy * ((dot(n, v) + n.z) / (1.0 + v.z)));
}
vec3 lit(vec3 albedo, vec4 traits, vec2 reach, vec3 around, vec3 n, vec3 v, float up, float facing) {
    float eye = traits.y, wet = traits.z;
    float dull = 1.0 - max(eye, wet);
    vec3 seen = clamp(reach.y + u_leak * (reach.y - reach.y * reach.y), 0.0, 1.0);
    seen = mix(seen, vec3(1.0), eye * (1.0 - EYE_SHADOW));
    float half_open = 0.5 + 0.5 * reach.x;

    float n_key = dot(n, u_key);
    vec3 share = clamp(1.0 - u_key_narrowing * (1.0 - n_key), 0.0, 1.0);
    vec3 diffuse = share * (1.0 - SOFTNESS + SOFTNESS * share) * seen * u_key_colour;
    diffuse += (reached(n, u_fill) * half_open) * u_fill_colour;
    diffuse += (reached(n, u_rim) * half_open) * u_rim_colour;
    vec3 soft = mix(u_ground, SKY_COLOUR, 0.5 + 0.5 * up) * u_ambient + around;

    vec3 h = normalize(u_key + v);
    float x = clamp(dot(n, h), 0.0, 1.0), x2 = x * x, x4 = x2 * x2, x8 = x4 * x4;
    float x16 = x8 * x8, x32 = x16 * x16, x64 = x32 * x32, x128 = x64 * x64;
    float gloss = dull * (u_finish.x * x8 + u_finish.y * x32 + u_finish.z * x128)
        + traits.x * GLOSS_LIPS_64 * x64 + wet * GLOSS_WET_128 * x128;
    float past = 1.0 - clamp(dot(v, h), 0.0, 1.0), past2 = past * past;
    gloss *= seen.y * (FRESNEL + (1.0 - FRESNEL) * past2 * past2 * past);
    float catch = eye * u_finish.w;
    gloss = clamp(n_key * 4.0, 0.0, 1.0) * (gloss + catch * window(n, v, u_key));
    float away = 1.0 - clamp(dot(n, v), 0.0, 1.0), away2 = away * away, away4 = away2 * away2;
    float behind = dull * half_open * u_finish.y * away4 * clamp(dot(n, u_rim.xyz) * 4.0, 0.0, 1.0);
    float edge = dull * reach.x * u_ambient * RIM_GAIN * away4 * (0.2 + 0.8 * clamp(up, 0.0, 1.0));
    vec3 mirrored = gloss * u_key_colour + (catch * window(n, v, u_fill.xyz)) * u_fill_colour
        + behind * u_rim_colour + edge * RIM_COLOUR;
    vec3 shade = 1.0 - MOUTH_SHADE * traits.w;
    shade *= 1.0 - eye * (EYE_SHADE + LID_SHADE * smoothstep(-0.12, 0.50, up));
    vec3 light = albedo * (diffuse + reach.x * soft) + facing * mirrored;
    return u_exposure * mix(BACK_SHADE, 1.0, facing) * shade * light;
}
"""
)

GLSL_SURROUNDINGS = """
vec3 surroundings(vec3 n) {
    vec3 light = u_sh_0 + u_sh_x * n.x + u_sh_y * n.y + u_sh_z * n.z + u_sh_xy * (n.x * n.y)
        + u_sh_xz * (n.x * n.z) + u_sh_yz * (n.y * n.z) + u_sh_xx * (n.x * n.x) + u_sh_yy * (n.y * n.y);
    return max(light, 0.0);
}
"""


def lit(
    lighting: Lighting,
    finish: Finish,
    albedo: Array,
    traits: Array,
    reach: Array,
    around: Array,
    normals: Array,
    views: Array,
    up: Array,
    facing: Array,
) -> Array:
    """Linear light (N, 3) that N points of the surface send to the eye.

    Args:
        lighting: everything that falls onto the head.
        finish: of the surface.
        albedo: (N, 3) linear.
        traits: (N, 4) see materials.
        reach: (N, 2) shares of the light from all around and of the key light that get there.
        around: (N, 3) of the harmonics, see :func:`surroundings`, linear between the display rows.
        normals: (N, 3) unit, view space, turned to the eye.
        views: (N, 3) unit, from the points to the eye.
        up: (N,) height of the world's normal, -1..1.
        facing: (N,) 1 where the outside of the surface is seen, 0 the inside.
    """
    eye, wet = traits[:, 1:2], traits[:, 2:3]
    up, facing = up[:, None], facing[:, None]
    all_round, key_seen = reach[:, :1], reach[:, 1:]
    dull = 1.0 - np.maximum(eye, wet)
    wide, sharp, sharpest, catch = finish_numbers(finish, lighting.skin)
    seen = np.clip(key_seen + _vector(leak(lighting.skin)) * (key_seen - key_seen**2), 0.0, 1.0)
    seen = mix(seen, 1.0, eye * (1.0 - EYE_SHADOW))
    half_open = 0.5 + 0.5 * all_round

    key, fill, rim = lighting.sources
    diffuse = _reached(key, key.narrowing, normals) * seen * _vector(key.colour)
    for lamp in (fill, rim):
        diffuse = diffuse + _reached(lamp, lamp.narrowing[1:2], normals) * half_open * _vector(lamp.colour)
    soft = mix(_vector(ground_colour(lighting.skin)), _vector(SKY_COLOUR), 0.5 + 0.5 * up) * lighting.ambient
    soft = soft + around

    n_h, fresnel = _mirrored(key, normals, views)
    gloss = dull * (wide * n_h**8 + sharp * n_h**32 + sharpest * n_h**128)
    gloss = gloss + traits[:, :1] * GLOSS_LIPS_64 * n_h**64 + wet * GLOSS_WET_128 * n_h**128
    gloss = gloss * seen[:, 1:2] * fresnel + eye * catch * _window(key, normals, views)
    mirrored = _before(key, normals) * gloss * _vector(key.colour)
    mirrored += eye * catch * _window(fill, normals, views) * _vector(fill.colour)
    away = (1.0 - np.clip((normals * views).sum(axis=1, keepdims=True), 0.0, 1.0)) ** 4
    mirrored += dull * half_open * sharp * away * _before(rim, normals) * _vector(rim.colour)
    edge = dull * all_round * lighting.ambient * RIM_GAIN * away * (0.2 + 0.8 * np.clip(up, 0.0, 1.0))
    mirrored += edge * _vector(RIM_COLOUR)
    light = albedo * (diffuse + all_round * soft) + facing * mirrored
    shade = 1.0 - _vector(MOUTH_SHADE) * traits[:, 3:4]
    shade = shade * (1.0 - eye * (EYE_SHADE + LID_SHADE * smoothstep(-0.12, 0.50, up)))
    return np.asarray(lighting.exposure * mix(BACK_SHADE, 1.0, facing) * shade * light)


def on_ball(normals: Array, views: Array) -> Array:
    """Where on a matcap (N, 2), 0..1, surfaces with these normals find themselves."""
    along = ((normals * views).sum(axis=1) + normals[:, 2]) / (1.0 + views[:, 2])
    places = normals[:, :2] - views[:, :2] * along[:, None]
    return np.asarray(0.5 + BALL * 0.5 * places, dtype=np.float32)


def surroundings(environment: Array, normals: Array) -> Array:
    """Light (N, 3) that a white matt surface sends out under ``environment``, see :class:`Lighting`."""
    x, y, z = normals.T
    terms = np.stack([np.ones_like(x), x, y, z, x * y, x * z, y * z, x * x, y * y], axis=1)
    return np.maximum(terms @ environment, 0.0)


def _reached(source: Source, narrowing: tuple[float, ...], normals: Array) -> Array:
    """The share (N, 1 or 3) of a lamp's light that surfaces take by how they are turned to it."""
    away = 1.0 - (normals @ _vector(source.direction))[:, None]
    share = np.clip(1.0 - np.array(narrowing, dtype=np.float32) * away, 0.0, 1.0)
    return np.asarray(share * (1.0 - SOFTNESS + SOFTNESS * share))


def _before(source: Source, normals: Array) -> Array:
    """1 (N, 1) on the lamp's side of the surface, 0 behind it."""
    return np.clip((normals @ _vector(source.direction))[:, None] * 4.0, 0.0, 1.0)


def _mirrored(source: Source, normals: Array, views: Array) -> tuple[Array, Array]:
    """Cosines (N, 1) of the normals to those that would mirror the lamp, and Fresnel's share (N, 1)."""
    h = _unit(_vector(source.direction) + views)
    n_h = np.clip((normals * h).sum(axis=1, keepdims=True), 0.0, 1.0)
    v_h = np.clip((views * h).sum(axis=1, keepdims=True), 0.0, 1.0)
    return n_h, FRESNEL + (1.0 - FRESNEL) * (1.0 - v_h) ** 5


def _window(source: Source, normals: Array, views: Array) -> Array:
    """How much (N, 1) of a lamp's square window eyes with these normals show."""
    middle = _unit(_vector(source.direction) + CATCH * views)
    off = np.abs(normals[:, :2] - middle[:, :2])
    pane = np.clip((WINDOW_SIZE + WINDOW_EDGE - off) * (0.5 / WINDOW_EDGE), 0.0, 1.0)
    return np.asarray(pane[:, :1] * pane[:, 1:])


def _unit(vectors: Array) -> Array:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _vector(values: Vector) -> Array:
    return np.array(values, dtype=np.float32)


def mix(a: NDArray | float, b: NDArray | float, t: NDArray) -> NDArray:
    """GLSL's: ``a`` where ``t`` is 0, ``b`` where it is 1."""
    return a + (b - a) * t


def smoothstep(low: float, high: float, x: NDArray) -> NDArray:
    """GLSL's: 0 at ``low``, 1 at ``high``, smooth between."""
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)
