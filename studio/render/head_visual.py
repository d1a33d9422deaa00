"""The head as a vispy visual: persistent buffers, one shader for every mode, nothing linked anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from vispy import gloo
from vispy.visuals import Visual

from studio.render.mipmaps import build_mipmaps
from studio.render.placed_visual import PlacedVisual
from studio.render.shading import (
    GLSL_SHADING,
    GLSL_SURROUNDINGS,
    finish_numbers,
    glsl_constants,
    ground_colour,
    leak,
    wire_colour,
)

if TYPE_CHECKING:
    from studio.document.look import Look
    from studio.render.appearance import Appearance
    from studio.render.display_mesh import DisplayMesh
    from studio.render.lighting import Lighting

HARMONICS = tuple(f"u_sh_{term}" for term in ("0", "x", "y", "z", "xy", "xz", "yz", "xx", "yy"))

VERTEX_SHADER = f"""#version 120
attribute vec3 a_position;
attribute vec3 a_normal;
attribute vec2 a_texcoord;
attribute vec4 a_traits;
attribute vec3 a_colour;
attribute vec2 a_reach;
uniform mat4 u_view;
uniform mat4 u_projection;
{chr(10).join(f"uniform vec3 {name};" for name in HARMONICS)}
varying vec3 v_position;
varying vec3 v_normal;
varying vec2 v_texcoord;
varying vec4 v_traits;
varying vec3 v_colour;
varying vec2 v_reach;
varying vec3 v_around;
{GLSL_SURROUNDINGS}
void main() {{
    vec4 position = u_view * vec4(a_position, 1.0);
    v_position = position.xyz;
    v_normal = mat3(u_view) * a_normal;
    v_texcoord = a_texcoord;
    v_traits = a_traits;
    v_colour = a_colour;
    v_reach = a_reach;
    v_around = surroundings(v_normal);
    gl_Position = u_projection * position;
}}
"""

FRAGMENT_SHADER = f"""#version 120
uniform mat4 u_view;
uniform vec3 u_key;  // direction
uniform vec3 u_key_colour;
uniform vec3 u_key_narrowing;
uniform vec4 u_fill;  // direction, narrowing
uniform vec3 u_fill_colour;
uniform vec4 u_rim;
uniform vec3 u_rim_colour;
uniform vec3 u_leak;
uniform vec3 u_ground;
uniform float u_ambient;
uniform vec4 u_finish;
uniform float u_exposure;
uniform float u_ball;  // 1: the texture is a ball whose look is taken instead of light
uniform float u_skin;
uniform float u_shade;
uniform vec4 u_show;  // shares of lit colour, normal, depth; flatness
uniform float u_perspective;
uniform vec2 u_depth_range;
uniform sampler2D u_albedo;
varying vec3 v_position;
varying vec3 v_normal;
varying vec2 v_texcoord;
varying vec4 v_traits;
varying vec3 v_colour;
varying vec2 v_reach;
varying vec3 v_around;
{glsl_constants()}
{GLSL_SHADING}
void main() {{
    float facing = gl_FrontFacing ? 1.0 : 0.0;
    vec3 n = v_normal * (facing * 2.0 - 1.0);
    n = normalize(mix(n, normalize(cross(dFdx(v_position), dFdy(v_position))), u_show.w));
    vec3 v = mix(vec3(0.0, 0.0, 1.0), normalize(-v_position), u_perspective);
    vec2 texcoord = mix(v_texcoord, on_ball(n, v), u_ball);
    vec3 albedo = u_shade * to_linear(texture2D(u_albedo, texcoord).rgb * v_colour);
    vec4 traits = v_traits * vec4(vec3(u_skin), mix(CLAY_MOUTH, 1.0, u_skin));
    vec3 light = lit(albedo, traits, v_reach, v_around, n, v, dot(n, u_view[1].xyz), facing);
    vec3 colour = u_show.x * to_srgb(light);
    float depth = (-v_position.z - u_depth_range.x) / (u_depth_range.y - u_depth_range.x);
    colour += u_show.y * (n * 0.5 + 0.5) + u_show.z * mix(DEPTH_NEAR, DEPTH_FAR, clamp(depth, 0.0, 1.0));
    gl_FragColor = vec4(colour, 1.0);
}}
"""

SHOWN = {"normals": (0.0, 1.0, 0.0, 0.0), "depth": (0.0, 0.0, 1.0, 0.0), "flat": (1.0, 0.0, 0.0, 1.0)}
LIT = (1.0, 0.0, 0.0, 0.0)
ATTRIBUTES = ("a_texcoord", "a_traits", "a_colour", "a_reach")
DIRECTIONS = np.array([[0, 0, 1], [1, 0, 0], [-1, 0, 0], [0, 0, -1]], dtype=np.float32)

WIRE_VERTEX_SHADER = """#version 120
attribute vec3 a_position;
uniform mat4 u_view;
uniform mat4 u_projection;
void main() {
    gl_Position = u_projection * (u_view * vec4(a_position, 1.0));
    gl_Position.z -= 0.004 * gl_Position.w;  // in front of the faces that the line borders
}
"""

WIRE_FRAGMENT_SHADER = """#version 120
uniform vec4 u_colour;
void main() {
    gl_FragColor = vec4(u_colour.rgb * u_colour.a, u_colour.a);
}
"""


class HeadVisual(PlacedVisual):
    """The surface of the head; ``positions`` and ``normals`` are filled by who made them."""

    def __init__(self, positions: gloo.VertexBuffer, normals: gloo.VertexBuffer) -> None:
        super().__init__(vcode=VERTEX_SHADER, fcode=FRAGMENT_SHADER)
        self.unfreeze()
        self._attributes = {name: gloo.VertexBuffer() for name in ATTRIBUTES}
        self._mesh: DisplayMesh | None = None
        self._faces: dict[tuple[bool, int], gloo.IndexBuffer] = {}
        self._albedo: gloo.Texture2D | None = None
        self._image: NDArray[np.uint8] | None = None
        self._lacks_mipmaps = self._is_ball = self._is_new = False
        self._is_fine = True
        self.freeze()
        self.shared_program["a_position"], self.shared_program["a_normal"] = positions, normals
        self._draw_mode = "triangles"
        self.set_gl_state(depth_test=True, blend=False, cull_face=False)

    def set_mesh(self, mesh: DisplayMesh) -> None:
        """Upload faces and the attributes of the rows that no mode changes."""
        self._upload("a_texcoord", mesh.texcoords)
        self._upload("a_traits", mesh.traits)
        self._mesh = mesh
        self._faces.clear()

    def set_detail(self, fine: bool, view: NDArray) -> None:
        """Draw all faces, or only the model's own over the same rows, for pictures that move.

        Of four orders of the faces that one is taken which suits an eye in the direction of ``view``.
        """
        assert self._mesh is not None
        self._is_fine = fine
        side = int(np.argmax(DIRECTIONS @ view[2, :3]))
        if (fine, side) not in self._faces:
            faces = self._mesh.faces_from(DIRECTIONS[side], fine)
            self._faces[fine, side] = gloo.IndexBuffer(faces.astype(np.uint32))
        self._index_buffer = self._faces[fine, side]

    def set_appearance(self, appearance: Appearance) -> None:
        """Upload colours and, where it is another one, the texture."""
        self._upload("a_colour", appearance.colours)
        image = appearance.image if appearance.ball is None else appearance.ball
        if image is not self._image:
            self._set_image(image, is_ball=appearance.ball is not None)
        self.shared_program["u_skin"] = appearance.skin
        self.shared_program["u_shade"] = appearance.shade
        self.shared_program["u_ball"] = float(appearance.ball is not None)

    def set_reach(self, reach: NDArray[np.float32]) -> None:
        """Upload how much light gets to each row (M, 2)."""
        self._upload("a_reach", reach)

    def _set_image(self, image: NDArray[np.uint8], is_ball: bool) -> None:
        alike = self._image is not None and image.shape == self._image.shape and is_ball == self._is_ball
        if self._albedo is not None and alike:
            self._albedo.set_data(image)
        else:
            self._albedo = gloo.Texture2D(image, interpolation="linear", wrapping="clamp_to_edge")
            self._is_new = True
            self.shared_program["u_albedo"] = self._albedo
        self._image, self._is_ball = image, is_ball
        self._lacks_mipmaps = image.size > 3 and not is_ball

    def set_look(self, look: Look) -> None:
        """Mode and finish."""
        skin = float(look.is_skin)
        self.shared_program["u_show"] = SHOWN.get(look.mode, LIT)
        self.shared_program["u_finish"] = finish_numbers(look.finish, skin)
        self.shared_program["u_leak"] = leak(skin)
        self.shared_program["u_ground"] = ground_colour(skin)

    def set_lighting(self, lighting: Lighting) -> None:
        """What falls onto the head."""
        program = self.shared_program
        key, *others = lighting.sources
        program["u_key"] = key.direction
        program["u_key_colour"] = key.colour
        program["u_key_narrowing"] = key.narrowing
        for name, source in zip(("u_fill", "u_rim"), others, strict=True):
            program[name] = (*source.direction, source.narrowing[1])
            program[f"{name}_colour"] = source.colour
        program["u_ambient"] = lighting.ambient
        for name, factors in zip(HARMONICS, lighting.environment, strict=True):
            program[name] = tuple(factors)
        program["u_exposure"] = lighting.exposure

    def set_depths(self, near: float, far: float, perspective: bool) -> None:
        """Distances, in metres, between which the depth mode fades; and the kind of projection."""
        self.shared_program["u_depth_range"] = (near, far)
        self.shared_program["u_perspective"] = float(perspective)

    def _upload(self, name: str, rows: NDArray[np.float32]) -> None:
        self._attributes[name].set_data(rows)
        self.shared_program[name] = self._attributes[name]

    def _prepare_draw(self, view: Visual | None = None) -> bool:
        # Without a GPU mipmaps take as long as all else of the first picture: they come at rest.
        if self._lacks_mipmaps and self._albedo is not None and (self._is_fine or not self._is_new):
            build_mipmaps(self._albedo)
            self._lacks_mipmaps = self._is_new = False
        return True


class WireVisual(PlacedVisual):
    """The edges of the model's own faces, over the surface."""

    def __init__(self, positions: gloo.VertexBuffer) -> None:
        super().__init__(vcode=WIRE_VERTEX_SHADER, fcode=WIRE_FRAGMENT_SHADER)
        self.unfreeze()
        self._lines, self._coarse_lines = gloo.IndexBuffer(), gloo.IndexBuffer()
        self.freeze()
        self.shared_program["a_position"] = positions
        self._draw_mode = "lines"
        self.set_gl_state(
            depth_test=True, depth_mask=False, blend=True, blend_func=("one", "one_minus_src_alpha")
        )

    def set_mesh(self, mesh: DisplayMesh) -> None:
        """Upload the edges."""
        self._lines.set_data(mesh.lines.astype(np.uint32))
        self._coarse_lines.set_data(mesh.coarse_lines.astype(np.uint32))

    def set_detail(self, fine: bool) -> None:
        """Follow the subdivided faces, or the model's own."""
        self._index_buffer = self._lines if fine else self._coarse_lines

    def draw(self) -> None:
        """Draw the edges."""
        super().draw()
        gloo.set_depth_mask(True)  # or the next picture's depths could not be cleared

    def set_look(self, look: Look, width: float) -> None:
        """Colour, and width of the lines in samples of the framebuffer."""
        self.shared_program["u_colour"] = tuple(wire_colour(look))
        self.update_gl_state(line_width=width)
