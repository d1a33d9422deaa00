"""A call of a function of the studio, as data: written as Python, and done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studio.scripting.studio import Studio

_WIDTH = 100  # characters of a line, where it can be broken
_INDENT = "    "


@dataclass(frozen=True)
class Call:
    """``studio.function(*arguments, **named)``, of plain values; a function of a part has a dot in it."""

    function: str
    arguments: tuple[Any, ...] = ()
    named: Mapping[str, Any] = field(default_factory=dict)

    def code(self) -> str:
        """It as Python."""
        parts = [repr(value) for value in self.arguments]
        parts += [f"{name}={value!r}" for name, value in self.named.items()]
        line = f"studio.{self.function}({', '.join(parts)})"
        if len(line) <= _WIDTH or len(parts) < 2:
            return line
        return f"studio.{self.function}(\n" + "".join(f"{_INDENT}{part},\n" for part in parts) + ")"

    def run(self, studio: Studio) -> Any:
        """Do it."""
        return attrgetter(self.function)(studio)(*self.arguments, **self.named)
