"""The head as a vispy visual: persistent buffers, one shader for every mode, nothing linked anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from vispy import gloo
from vispy.visuals import Visual

from studio.render.mipmaps import build_mipmaps
from studio.render.shading import (
    GLSL_SHADING,
    MODE_CODES,
    Lighting,
    glsl_constants,
    to_linear,
    wire_colour,
)

if TYPE_CHECKING:
    from studio.document.look import Look
    from studio.render.display_mesh import DisplayMesh

VERTEX_SHADER = """#version 120
attribute vec3 a_position;
attribute vec3 a_normal;
attribute vec2 a_texcoord;
attribute vec4 a_traits;
attribute vec3 a_tint;
attribute vec3 a_region;
uniform mat4 u_view;
uniform mat4 u_projection;
varying vec3 v_position;
varying vec3 v_normal;
varying vec2 v_texcoord;
varying vec4 v_traits;
varying vec3 v_tint;
varying vec3 v_region;
void main() {
    vec4 position = u_view * vec4(a_position, 1.0);
    v_position = position.xyz;
    v_normal = mat3(u_view) * a_normal;
    v_texcoord = a_texcoord;
    v_traits = a_traits;
    v_tint = a_tint;
    v_region = a_region;
    gl_Position = u_projection * position;
}
"""

FRAGMENT_SHADER = f"""#version 120
uniform mat4 u_view;
uniform vec4 u_key;  // direction, strength
uniform float u_ambient;
uniform float u_mode;
uniform float u_textured;
uniform float u_perspective;
uniform vec2 u_depth_range;
uniform vec3 u_clay;  // linear
uniform sampler2D u_albedo;
varying vec3 v_position;
varying vec3 v_normal;
varying vec2 v_texcoord;
varying vec4 v_traits;
varying vec3 v_tint;
varying vec3 v_region;
{glsl_constants()}
{GLSL_SHADING}
vec3 head_colour() {{
    float facing = gl_FrontFacing ? 1.0 : 0.0;
    vec3 normal = v_normal;
    if (u_mode == 2.0) normal = cross(dFdx(v_position), dFdy(v_position));
    else normal *= facing * 2.0 - 1.0;
    vec3 n = normalize(normal);
    if (u_mode == 4.0) return n * 0.5 + 0.5;
    if (u_mode == 6.0) {{
        float depth = (-v_position.z - u_depth_range.x) / (u_depth_range.y - u_depth_range.x);
        return vec3(mix(DEPTH_NEAR, DEPTH_FAR, clamp(depth, 0.0, 1.0)));
    }}
    vec3 v = mix(vec3(0.0, 0.0, 1.0), normalize(-v_position), u_perspective);
    float up = dot(n, u_view[1].xyz);
    vec3 albedo = u_clay;
    vec4 traits = vec4(0.0, 0.0, 0.0, v_traits.w * 0.5);
    float skin = 0.0;
    if (u_mode == 0.0) {{
        albedo = to_linear(u_textured > 0.5 ? texture2D(u_albedo, v_texcoord).rgb : v_tint);
        if (u_textured < 0.5) albedo = iris_over(albedo, v_texcoord);
        traits = v_traits;
        skin = 1.0;
    }} else if (u_mode == 3.0) albedo *= WIRE_GROUND;
    else if (u_mode == 5.0) albedo = to_linear(v_region);
    return to_srgb(lit(albedo, traits, skin, n, v, up, facing));
}}
void main() {{
    gl_FragColor = vec4(head_colour(), 1.0);
}}
"""

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
uniform vec3 u_colour;
void main() {
    gl_FragColor = vec4(u_colour, 1.0);
}
"""


class _MeshVisual(Visual):
    """What the visuals of the head have in common: they place vertices by two matrices of their own."""

    def _prepare_transforms(self, view: Visual) -> None:
        """Nothing: the matrices are plain uniforms, so that no transform is ever compiled in."""

    def set_matrices(self, view: NDArray, projection: NDArray) -> None:
        """Place the camera; matrices (4, 4) for column vectors."""
        program = self.shared_program
        program["u_view"] = np.ascontiguousarray(view.T, dtype=np.float32)
        program["u_projection"] = np.ascontiguousarray(projection.T, dtype=np.float32)


class HeadVisual(_MeshVisual):
    """The surface of the head; ``positions`` and ``normals`` are filled by who made them."""

    def __init__(self, positions: gloo.VertexBuffer, normals: gloo.VertexBuffer) -> None:
        super().__init__(vcode=VERTEX_SHADER, fcode=FRAGMENT_SHADER)
        self.unfreeze()
        names = ("a_texcoord", "a_traits", "a_tint", "a_region")
        self._attributes = {name: gloo.VertexBuffer() for name in names}
        self._albedo: gloo.Texture2D | None = None
        self._lacks_mipmaps = False
        self.freeze()
        self.shared_program["a_position"], self.shared_program["a_normal"] = positions, normals
        self._index_buffer = gloo.IndexBuffer()
        self._draw_mode = "triangles"
        self.set_gl_state(depth_test=True, blend=False, cull_face=False)
        self.set_albedo(None)

    def set_mesh(self, mesh: DisplayMesh) -> None:
        """Upload what does not move: faces and the attributes of the rows."""
        values = (mesh.texcoords, mesh.traits, mesh.tints, mesh.region_colours)
        for (name, buffer), rows in zip(self._attributes.items(), values, strict=True):
            buffer.set_data(rows)
            self.shared_program[name] = buffer
        self._index_buffer.set_data(mesh.faces.astype(np.uint32))

    def set_albedo(self, image: NDArray[np.uint8] | None) -> None:
        """Upload the texture (H, W, 3) sRGB, row 0 at v = 0; None: the tints are drawn."""
        white = np.full((1, 1, 3), 255, np.uint8)
        data = white if image is None else image
        self._albedo = gloo.Texture2D(data, interpolation="linear", wrapping="clamp_to_edge")
        self._lacks_mipmaps = image is not None
        self.shared_program["u_albedo"] = self._albedo
        self.shared_program["u_textured"] = float(image is not None)

    def set_look(self, look: Look) -> None:
        """Mode, colours and light."""
        lighting = Lighting.of(look.light)
        program = self.shared_program
        program["u_mode"] = float(MODE_CODES[look.mode])
        program["u_clay"] = tuple(to_linear(np.array(look.clay)))
        program["u_key"] = (*lighting.key, lighting.key_strength)
        program["u_ambient"] = lighting.ambient

    def set_depths(self, near: float, far: float, perspective: bool) -> None:
        """Distances, in metres, between which the depth mode fades; and the kind of projection."""
        self.shared_program["u_depth_range"] = (near, far)
        self.shared_program["u_perspective"] = float(perspective)

    def _prepare_draw(self, view: Visual | None = None) -> bool:
        if self._lacks_mipmaps and self._albedo is not None:
            build_mipmaps(self._albedo)
            self._lacks_mipmaps = False
        return True


class WireVisual(_MeshVisual):
    """The edges of the model's own faces, over the surface."""

    def __init__(self, positions: gloo.VertexBuffer) -> None:
        super().__init__(vcode=WIRE_VERTEX_SHADER, fcode=WIRE_FRAGMENT_SHADER)
        self.shared_program["a_position"] = positions
        self._index_buffer = gloo.IndexBuffer()
        self._draw_mode = "lines"
        self.set_gl_state(depth_test=True, blend=False)

    def set_mesh(self, mesh: DisplayMesh) -> None:
        """Upload the edges."""
        self._index_buffer.set_data(mesh.lines.astype(np.uint32))

    def set_look(self, look: Look, width: float) -> None:
        """Colour, and width of the lines in samples of the framebuffer."""
        self.shared_program["u_colour"] = tuple(wire_colour(look))
        self.update_gl_state(line_width=width)
