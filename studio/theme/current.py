"""Which theme is in use. Whoever paints asks at the moment of painting."""

from __future__ import annotations

from studio.theme.roles import DARK, Roles

_in_use = [DARK]


def current() -> Roles:
    """The colours in use."""
    return _in_use[0]


def set_current(roles: Roles) -> None:
    """Use ``roles`` from the next painting on."""
    _in_use[0] = roles
