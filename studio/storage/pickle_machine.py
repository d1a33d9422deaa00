"""A pickle machine that knows names only as text: it imports nothing and calls nothing from the file.

Python's own unpickler looks up whatever a file names and calls it. This one runs the same small
stack language, but a global is a ``Name``, and what may be done with a name is decided by a table of
our own functions. The opcodes are in ``pickle_opcodes``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

PUBLIC_MODULES = {"posix": "os", "nt": "os"}
PYTHON_2_MODULES = {"__builtin__": "builtins", "copy_reg": "copyreg"}
LARGEST_KEY = 2**60
SMALL_FILE_ALLOWANCE = 64 << 20
ALLOWED_GROWTH = 16
MOST_STEPS = 2_000_000


class DamagedError(Exception):
    """The stream is not a whole, sane pickle. The text completes "FILE …"."""


class AskedError(Exception):
    """The stream asks for something that no array needs. The text names it."""


@dataclass(frozen=True)
class Name:
    """A class or function the stream named; nothing was looked up."""

    module: str
    qualname: str

    def __str__(self) -> str:
        """The dotted name people know it by, unprintable characters escaped, cut to a readable length."""
        text = f"{PUBLIC_MODULES.get(self.module, self.module)}.{self.qualname}"
        return ascii(text[:80])[1:-1]


class Record(ABC):
    """Something under construction that later opcodes may give a state, until ``value`` is asked."""

    @abstractmethod
    def build(self, state: Any) -> None:
        """Take the state of a BUILD opcode."""

    @abstractmethod
    def value(self, resolve: Callable[[Any], Any]) -> Any:
        """The finished plain value; ``resolve`` finishes what it is made of."""


class Budget:
    """How many bytes and steps a stream may still cost beyond what its size explains."""

    def __init__(self, size: int) -> None:
        """Start for a stream of ``size`` bytes."""
        self.left = ALLOWED_GROWTH * size + SMALL_FILE_ALLOWANCE
        self.steps = MOST_STEPS

    def spend(self, count: int) -> None:
        """Count ``count`` bytes.

        Raises:
            DamagedError: the stream has asked for far more than it could justify.

        """
        self.left -= count
        if count < 0 or self.left < 0:
            raise DamagedError("claims far more data than a file of its size can hold")

    def step(self) -> None:
        """Count one opcode.

        Raises:
            DamagedError: there are more than any file of arrays needs.

        """
        self.steps -= 1
        if self.steps < 0:
            raise DamagedError("holds more separate objects than any file of arrays needs")


Caller = Callable[[tuple[Any, ...], Budget], Any]


@dataclass
class Machine:
    """One run over one stream.

    ``names`` maps what the stream may name to the function that stands in for a call of it, or to
    None where it may be named but not called. ``persistent`` answers persistent ids.
    """

    data: bytes
    names: Mapping[Name, Caller | None]
    budget: Budget
    persistent: Callable[[Any], Any] | None = None
    position: int = 0
    stack: list[Any] = field(default_factory=list)
    outer: list[list[Any]] = field(default_factory=list)
    memo: dict[int, Any] = field(default_factory=dict)

    def take(self, count: int) -> bytes:
        """The next ``count`` bytes."""
        end = self.position + count
        if count < 0 or end > len(self.data):
            raise DamagedError("ends in the middle of its data")
        piece = self.data[self.position : end]
        self.position = end
        return piece

    def line(self) -> bytes:
        """The bytes up to the next newline, which is consumed."""
        end = self.data.find(b"\n", self.position)
        if end < 0:
            raise DamagedError("ends in the middle of its data")
        piece = self.data[self.position : end]
        self.position = end + 1
        return piece

    def unsigned(self, width: int) -> int:
        """A little-endian unsigned integer of ``width`` bytes."""
        return int.from_bytes(self.take(width), "little")

    def push(self, value: Any) -> None:
        """Put ``value`` on the stack."""
        self.stack.append(value)

    def pop(self) -> Any:
        """The top of the stack, removed."""
        if not self.stack:
            raise DamagedError("is damaged: its stack runs empty")
        return self.stack.pop()

    def top(self) -> Any:
        """The top of the stack."""
        if not self.stack:
            raise DamagedError("is damaged: its stack runs empty")
        return self.stack[-1]

    def pop_mark(self) -> list[Any]:
        """What was pushed since the last mark, removed together with the mark."""
        if not self.outer:
            raise DamagedError("is damaged: its stack runs empty")
        items = self.stack
        self.stack = self.outer.pop()
        return items

    def name(self, module: str, qualname: str) -> Name:
        """The name, if the table has it."""
        name = Name(PYTHON_2_MODULES.get(module, module), qualname)
        if name not in self.names:
            raise AskedError(str(name))
        return name

    def call(self, function: Any, arguments: Any) -> Any:
        """What our own stand-in for ``function`` makes of ``arguments``."""
        if not isinstance(function, Name):
            raise AskedError(f"a call of something of type {type(function).__name__}")
        caller = self.names[function]
        if caller is None or not isinstance(arguments, tuple):
            raise AskedError(f"a call of {function}")
        try:
            return caller(arguments, self.budget)
        except (TypeError, ValueError, IndexError, KeyError, OverflowError) as error:
            raise DamagedError(f"gives {function} arguments that make no sense") from error


def checked_key(key: Any) -> Any:
    """``key``, if it is a plain scalar that hashes fast.

    Integers are bounded because larger ones can be chosen to share one hash, which makes a dict
    quadratic.
    """
    if key is None or isinstance(key, str | bytes | bool) or (type(key) is int and abs(key) < LARGEST_KEY):
        return key
    raise DamagedError("is damaged: it uses something other than text or a number as a key")
