"""What a user does in the window, as Python."""

from studio.scripting.studio import Studio

__all__ = ["Studio"]
