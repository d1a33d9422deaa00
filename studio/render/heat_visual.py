"""The head coloured by distances, as a vispy visual."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vispy import gloo

from studio.render.colour_scale import SHADE, STEPS, colour_scale
from studio.render.display_mesh import DisplayMesh
from studio.render.placed_visual import PlacedVisual

VERTEX_SHADER = """#version 120
attribute vec3 a_position;
attribute vec3 a_normal;
attribute float a_share;
uniform mat4 u_view;
uniform mat4 u_projection;
varying vec3 v_position;
varying vec3 v_normal;
varying float v_share;
void main() {
    vec4 position = u_view * vec4(a_position, 1.0);
    v_position = position.xyz;
    v_normal = mat3(u_view) * a_normal;
    v_share = a_share;
    gl_Position = u_projection * position;
}
"""

FRAGMENT_SHADER = f"""#version 120
uniform sampler2D u_scale;
uniform float u_perspective;
varying vec3 v_position;
varying vec3 v_normal;
varying float v_share;
void main() {{
    float facing = gl_FrontFacing ? 1.0 : 0.0;
    vec3 n = normalize(v_normal * (facing * 2.0 - 1.0));
    vec3 v = mix(vec3(0.0, 0.0, 1.0), normalize(-v_position), u_perspective);
    float place = (clamp(v_share, 0.0, 1.0) * {STEPS - 1:.1f} + 0.5) / {STEPS:.1f};
    vec3 colour = texture2D(u_scale, vec2(place, 0.5)).rgb;
    gl_FragColor = vec4(colour * mix({SHADE:.6f}, 1.0, clamp(dot(n, v), 0.0, 1.0)), 1.0);
}}
"""


class HeatVisual(PlacedVisual):
    """The surface in the colours of a scale; ``positions`` and ``normals`` are those of the head."""

    def __init__(self, positions: gloo.VertexBuffer, normals: gloo.VertexBuffer) -> None:
        super().__init__(vcode=VERTEX_SHADER, fcode=FRAGMENT_SHADER)
        self.unfreeze()
        self._shares = gloo.VertexBuffer()
        self._scales: dict[bool, gloo.Texture2D] = {}
        self._fine_faces, self._coarse_faces = gloo.IndexBuffer(), gloo.IndexBuffer()
        self.freeze()
        program = self.shared_program
        program["a_position"], program["a_normal"] = positions, normals
        self._draw_mode = "triangles"
        self.set_gl_state(depth_test=True, blend=False, cull_face=False)

    def set_mesh(self, mesh: DisplayMesh) -> None:
        """Upload the faces."""
        self._fine_faces.set_data(mesh.faces.astype(np.uint32))
        self._coarse_faces.set_data(mesh.coarse_faces.astype(np.uint32))

    def set_shares(self, rows: NDArray[np.float32], signed: bool) -> None:
        """Upload the places (M,) on the scale of the display rows."""
        self._shares.set_data(rows)
        self.shared_program["a_share"] = self._shares
        if signed not in self._scales:
            image = np.ascontiguousarray(colour_scale(signed)[None])
            self._scales[signed] = gloo.Texture2D(image, interpolation="linear", wrapping="clamp_to_edge")
        self.shared_program["u_scale"] = self._scales[signed]

    def set_view(self, fine: bool, perspective: bool) -> None:
        """Which faces are drawn, and the kind of projection."""
        self._index_buffer = self._fine_faces if fine else self._coarse_faces
        self.shared_program["u_perspective"] = float(perspective)
