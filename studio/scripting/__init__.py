"""What a user does in the window, as Python."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studio.scripting.studio import Studio

__all__ = ["Studio"]


def __getattr__(name: str) -> Any:
    """Import the studio when somebody asks for it: the window stands before any script runs."""
    if name == "Studio":
        from studio.scripting.studio import Studio

        return Studio
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
