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
SKIN_WRAP: Vector = (0.60, 0.40, 0.36)
PLAIN_WRAP = 0.22
SOFTNESS = 0.75  # 1: no edge at all where a lamp's light ends
SHADOW_TINT: Vector = (0.24, 0.04, 0.0)  # how much light leaks through skin into the rim of a shadow

# strengths of Blinn-Phong lobes; their exponents are powers of two, so that no pow() is needed
GLOSS_SKIN_8, GLOSS_SKIN_32, GLOSS_LIPS_64, GLOSS_WET_128 = 0.30, 0.26, 0.75, 0.55
GLOSS_SKIN_128 = 0.16  # of the smoothest skin
FRESNEL = 0.04
BACK_SHADE = 0.5  # the inside of the surface beside the outside
MOUTH_SHADE: Vector = (0.72, 0.84, 0.86)  # how much light is missing in the depth of the mouth, by colour
EYE_SHADE, LID_SHADE = 0.10, 0.50  # light missing on the whole eyeball, and more of it under the lid
CATCH = 2.4  # how much nearer to the eye of the beholder a lamp stands that eyes reflect
WINDOW_GAIN = 32.0  # light of a lamp's reflection in the eye, before Fresnel
WINDOW_SIZE, WINDOW_EDGE = 0.052, 0.014  # its half side and half its border's width, in tilt of the normal
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


def finish_numbers(finish: Finish) -> tuple[float, float, float, float]:
    """Strengths of the lobes 8, 32 and 128 of skin, and of the reflections in the eyes."""
    rough = min(max(finish.roughness, 0.0), 1.0)
    wide, sharp = 2.0 * rough, 2.0 - 2.0 * rough
    return (
        finish.gloss * GLOSS_SKIN_8 * wide,
        finish.gloss * GLOSS_SKIN_32 * min(sharp, 1.0 + rough),
        finish.gloss * GLOSS_SKIN_128 * max(1.0 - 2.0 * rough, 0.0),
        finish.catch,
    )


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
vec3 lamp(vec4 source, vec3 colour, vec3 seen, vec3 albedo, vec4 traits, float skin, vec3 n, vec3 v,
        float facing) {
    float eye = traits.y, wet = traits.z;
    vec3 wrap = mix(vec3(PLAIN_WRAP), SKIN_WRAP, skin);
    float n_lamp = dot(n, source.xyz);
    vec3 reached = clamp((n_lamp + wrap) / (1.0 + wrap), 0.0, 1.0);
    vec3 diffuse = reached * mix(vec3(1.0), reached, SOFTNESS) * seen;
    vec3 h = normalize(source.xyz + v);
    float x = clamp(dot(n, h), 0.0, 1.0), x2 = x * x, x4 = x2 * x2, x8 = x4 * x4;
    float x16 = x8 * x8, x32 = x16 * x16, x64 = x32 * x32, x128 = x64 * x64;
    float dull = 1.0 - max(eye, wet);
    float gloss = dull * (u_finish.x * 16.0 * x8 + u_finish.y * 40.0 * x32 + u_finish.z * 136.0 * x128)
        * mix(CLAY_GLOSS, 1.0, skin)
        + traits.x * GLOSS_LIPS_64 * 72.0 * x64 + wet * GLOSS_WET_128 * 136.0 * x128;
    gloss *= seen.y;
    if (eye > 0.0) {
        vec3 middle = normalize(source.xyz + CATCH * v);
        vec3 side = normalize(cross(vec3(0.0, 1.0, 0.0), middle));
        vec2 off = abs(vec2(dot(n - middle, side), dot(n - middle, cross(middle, side))));
        vec2 pane = 1.0 - smoothstep(WINDOW_SIZE - WINDOW_EDGE, WINDOW_SIZE + WINDOW_EDGE, off);
        gloss += eye * u_finish.w * WINDOW_GAIN * pane.x * pane.y;
    }
    float past = 1.0 - clamp(dot(v, h), 0.0, 1.0), past2 = past * past;
    float fresnel = FRESNEL + (1.0 - FRESNEL) * past2 * past2 * past;
    gloss *= fresnel * (1.0 / 25.1327) * clamp(n_lamp * 4.0, 0.0, 1.0) * facing;
    return (albedo * diffuse + gloss) * colour * source.w;
}
vec2 on_ball(vec3 n, vec3 v) {
    vec3 side = normalize(cross(vec3(0.0, 1.0, 0.0), v));
    return 0.5 + BALL * 0.5 * vec2(dot(n, side), dot(n, cross(v, side)));
}
vec3 surroundings(vec3 n) {
    vec4 q = vec4(n, 1.0);
    return max(vec3(dot(q, u_red * q), dot(q, u_green * q), dot(q, u_blue * q)), 0.0);
}
vec3 lit(vec3 albedo, vec4 traits, float skin, vec2 reach, vec3 n, vec3 v, float up, float facing) {
    float eye = traits.y, wet = traits.z;
    vec3 seen = clamp(reach.y + SHADOW_TINT * skin * reach.y * (1.0 - reach.y) * 4.0, 0.0, 1.0);
    seen = mix(seen, vec3(1.0), eye * (1.0 - EYE_SHADOW));
    vec3 light = vec3(0.0);
    if (u_key.w > 0.0) light += lamp(u_key, u_key_colour, seen, albedo, traits, skin, n, v, facing);
    vec3 open = vec3(0.5 + 0.5 * reach.x);
    if (u_fill.w > 0.0) light += lamp(u_fill, u_fill_colour, open, albedo, traits, skin, n, v, facing);
    if (u_rim.w > 0.0) light += lamp(u_rim, u_rim_colour, open, albedo, traits, skin, n, v, facing);
    vec3 sky = mix(mix(CLAY_GROUND, GROUND_COLOUR, skin), SKY_COLOUR, 0.5 + 0.5 * up);
    float away = 1.0 - clamp(dot(n, v), 0.0, 1.0), away2 = away * away;
    vec3 soft = sky * u_ambient;
    if (u_environment > 0.0) {
        soft += surroundings(n);
        vec3 mirrored = surroundings(2.0 * dot(n, v) * n - v);
        light += eye * u_finish.w * facing * (FRESNEL + (1.0 - FRESNEL) * away2 * away2 * away) * mirrored;
    }
    light += albedo * soft * reach.x;
    float dull = 1.0 - max(eye, wet);
    float edge = away2 * away2 * RIM_GAIN * (0.2 + 0.8 * clamp(up, 0.0, 1.0)) * dull * facing * u_ambient;
    vec3 shade = 1.0 - MOUTH_SHADE * traits.w;
    shade *= 1.0 - eye * (EYE_SHADE + LID_SHADE * smoothstep(-0.12, 0.50, up));
    shade *= mix(BACK_SHADE, 1.0, facing);
    return u_exposure * shade * (light + edge * reach.x * RIM_COLOUR);
}
"""
)


def lit(
    lighting: Lighting,
    finish: Finish,
    albedo: Array,
    traits: Array,
    skin: float,
    reach: Array,
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
        skin: 1 for skin, 0 for clay.
        reach: (N, 2) shares of the light from all around and of the key light that get there.
        normals: (N, 3) unit, view space, turned to the eye.
        views: (N, 3) unit, from the points to the eye.
        up: (N,) height of the world's normal, -1..1.
        facing: (N,) 1 where the outside of the surface is seen, 0 the inside.
    """
    eye, wet = traits[:, 1:2], traits[:, 2:3]
    up, facing = up[:, None], facing[:, None]
    around, key_seen = reach[:, :1], reach[:, 1:]
    seen = np.clip(key_seen + _vector(SHADOW_TINT) * skin * key_seen * (1.0 - key_seen) * 4.0, 0.0, 1.0)
    seen = mix(seen, 1.0, eye * (1.0 - EYE_SHADOW))
    half_open = np.repeat(0.5 + 0.5 * around, 3, axis=1)
    light = np.zeros_like(albedo)
    for source, shadow in zip(lighting.sources, (seen, half_open, half_open), strict=True):
        if source.strength > 0.0:
            light += _lamp(source, finish, shadow, albedo, traits, skin, normals, views, facing)
    ground = (1.0 - skin) * _vector(CLAY_GROUND) + skin * _vector(GROUND_COLOUR)
    soft = mix(ground, _vector(SKY_COLOUR), 0.5 + 0.5 * up) * lighting.ambient
    n_v = (normals * views).sum(axis=1, keepdims=True)
    away = 1.0 - np.clip(n_v, 0.0, 1.0)
    if lighting.has_environment:
        soft = soft + surroundings(lighting.environment, normals)
        mirrored = surroundings(lighting.environment, 2.0 * n_v * normals - views)
        light += eye * finish.catch * facing * (FRESNEL + (1.0 - FRESNEL) * away**5) * mirrored
    light += albedo * soft * around
    dull = 1.0 - np.maximum(eye, wet)
    edge = away**4 * RIM_GAIN * (0.2 + 0.8 * np.clip(up, 0.0, 1.0)) * dull * facing * lighting.ambient
    shade = 1.0 - _vector(MOUTH_SHADE) * traits[:, 3:4]
    shade = (
        shade
        * (1.0 - eye * (EYE_SHADE + LID_SHADE * smoothstep(-0.12, 0.50, up)))
        * mix(BACK_SHADE, 1.0, facing)
    )
    return np.asarray(lighting.exposure * shade * (light + edge * around * _vector(RIM_COLOUR)))


def on_ball(normals: Array, views: Array) -> Array:
    """Where on a matcap (N, 2), 0..1, surfaces with these normals find themselves."""
    side = _unit(np.cross(np.array([0.0, 1.0, 0.0], dtype=np.float32), views))
    up = np.cross(views, side)
    places = np.stack([(normals * side).sum(axis=1), (normals * up).sum(axis=1)], axis=1)
    return np.asarray(0.5 + BALL * 0.5 * places, dtype=np.float32)


def surroundings(environment: Array, normals: Array) -> Array:
    """Light (N, 3) that a white matt surface sends out under the quadratic forms ``environment``."""
    q = np.concatenate([normals, np.ones_like(normals[:, :1])], axis=1)
    return np.maximum(np.stack([((q @ form) * q).sum(axis=1) for form in environment], axis=1), 0.0)


def _lamp(
    source: Source,
    finish: Finish,
    seen: Array,
    albedo: Array,
    traits: Array,
    skin: float,
    normals: Array,
    views: Array,
    facing: Array,
) -> Array:
    """Light (N, 3) of one lamp, of which the shares ``seen`` (N, 3) get to the points."""
    eye, wet = traits[:, 1:2], traits[:, 2:3]
    direction = _vector(source.direction)
    wide, sharp, sharpest, catch = finish_numbers(finish)
    wrap = (1.0 - skin) * PLAIN_WRAP + skin * _vector(SKIN_WRAP)
    n_lamp = (normals @ direction)[:, None]
    reached = np.clip((n_lamp + wrap) / (1.0 + wrap), 0.0, 1.0)
    diffuse = reached * (1.0 - SOFTNESS + SOFTNESS * reached) * seen
    h = _unit(direction + views)
    n_h = np.clip((normals * h).sum(axis=1, keepdims=True), 0.0, 1.0)
    dull = 1.0 - np.maximum(eye, wet)
    gloss = dull * (wide * 16.0 * n_h**8 + sharp * 40.0 * n_h**32 + sharpest * 136.0 * n_h**128)
    gloss = gloss * (CLAY_GLOSS + (1.0 - CLAY_GLOSS) * skin) + traits[:, :1] * GLOSS_LIPS_64 * 72.0 * n_h**64
    gloss = (gloss + wet * GLOSS_WET_128 * 136.0 * n_h**128) * seen[:, 1:2]
    gloss = gloss + eye * catch * WINDOW_GAIN * _window(direction, normals, views)
    v_h = np.clip((views * h).sum(axis=1, keepdims=True), 0.0, 1.0)
    fresnel = FRESNEL + (1.0 - FRESNEL) * (1.0 - v_h) ** 5
    gloss = gloss * fresnel * (1.0 / 25.1327) * np.clip(n_lamp * 4.0, 0.0, 1.0) * facing
    return np.asarray((albedo * diffuse + gloss) * _vector(source.colour) * source.strength)


def _window(direction: Array, normals: Array, views: Array) -> Array:
    """How much (N, 1) of a lamp's square window eyes with these normals show."""
    middle = _unit(direction + CATCH * views)
    side = _unit(np.cross(np.array([0.0, 1.0, 0.0], dtype=np.float32), middle))
    off = normals - middle
    across, along = (
        1.0 - smoothstep(WINDOW_SIZE - WINDOW_EDGE, WINDOW_SIZE + WINDOW_EDGE, np.abs(distance))
        for distance in ((off * axis).sum(axis=1, keepdims=True) for axis in (side, np.cross(middle, side)))
    )
    return np.asarray(across * along, dtype=np.float32)


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
