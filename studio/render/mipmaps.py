"""Mipmaps for vispy's textures, which have none of their own."""

from __future__ import annotations

from vispy import gloo
from vispy.gloo import gl

LINEAR_MIPMAP_LINEAR = 0x2703


def build_mipmaps(texture: gloo.Texture2D) -> None:
    """Give ``texture`` its smaller levels and trilinear filtering; a canvas's context must be current."""
    context = gloo.get_current_canvas().context
    context.glir.associate(texture.glir)
    context.flush_commands()
    stored = context.shared.parser.get_object(texture.id)
    stored.activate()
    gl.glGenerateMipmap(gl.GL_TEXTURE_2D)
    gl.glTexParameterf(gl.GL_TEXTURE_2D, gl.GL_TEXTURE_MIN_FILTER, float(LINEAR_MIPMAP_LINEAR))
