"""An interpreter for the console: reads whole statements, and writes what they print, give and raise."""

from __future__ import annotations

import ast
import codeop
import io
import linecache
import rlcompleter
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from typing import Any, Literal, TextIO

from studio.scripting.studio import Studio
from studio.storage.errors import StudioError

Kind = Literal["out", "error"]
Write = Callable[[str, Kind], None]

FILE = "<console>"
LONGEST = 200_000  # characters that one input may print
MOST_OFFERS = 60
_LIVE = ("document", "model", "params", "backend")


class Names(dict[str, Any]):
    """What the console knows by name.

    ``document``, ``model``, ``params`` and ``backend`` are always those of now; assigning to ``params``
    shows them.
    """

    def __init__(self, studio: Studio) -> None:
        import numpy as np

        super().__init__(
            __name__="__console__",
            __doc__=None,
            studio=studio,
            np=np,
            **dict.fromkeys(_LIVE),  # for completion; looked up anew each time
        )
        self._studio = studio

    def __getitem__(self, name: str) -> Any:
        """The value of now."""
        value = super().__getitem__(name)
        return getattr(self._studio, name) if name in _LIVE and value is None else value

    def __setitem__(self, name: str, value: Any) -> None:
        """Show ``value`` where it is parameters; any other name is the user's own."""
        if name == "params":
            self._studio.set_params("Parameters", value)
        else:
            super().__setitem__(name, value)


class _Printed(io.TextIOBase):
    """A stream into the console, up to a number of characters.

    It takes the place of the whole process's; what other threads write goes on to ``usual``.
    """

    def __init__(self, write: Write, kind: Kind, room: list[int], usual: TextIO | None) -> None:
        self._write, self._kind, self._room, self._usual = write, kind, room, usual
        self._thread = threading.get_ident()

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if threading.get_ident() != self._thread:
            return len(text) if self._usual is None else self._usual.write(text)
        room = self._room
        if room[0] > 0:
            self._write(text[: room[0]], self._kind)
            if len(text) >= room[0]:
                self._write(f"\n… more than {LONGEST} characters; the rest is left out.\n", "error")
        room[0] -= len(text)
        return len(text)


class Interpreter:
    """Runs what is typed, on ``studio``; ``write`` is told what comes of it.

    It runs where it is called: a loop holds its caller up until it ends.
    """

    def __init__(self, studio: Studio, write: Write) -> None:
        self._names = Names(studio)
        self._write = write
        self._compile = codeop.CommandCompiler()
        self._completer = rlcompleter.Completer(self._names)

    def is_whole(self, text: str) -> bool:
        """Whether ``text`` can be run, or is wrong whatever comes; a block is whole after an empty line."""
        lines = text.split("\n")
        if len(lines) > 1 and lines[-1].strip() and lines[-1][:1] in " \t":
            return False
        try:
            return self._compile(text.rstrip() + "\n" if len(lines) > 1 else text, FILE, "exec") is not None
        except (SyntaxError, ValueError, OverflowError):
            return True

    def run(self, text: str) -> None:
        """Run ``text``; the value of a last expression is shown, and kept as ``_``."""
        linecache.cache[FILE] = (len(text), None, text.splitlines(keepends=True), FILE)
        room = [LONGEST]
        out = _Printed(self._write, "out", room, sys.stdout)
        wrong = _Printed(self._write, "error", room, sys.stderr)
        asked, sys.stdin = sys.stdin, io.StringIO()  # nobody could answer
        shown, sys.displayhook = sys.displayhook, self._show
        try:
            with redirect_stdout(out), redirect_stderr(wrong):
                self._run(text, wrong)
        finally:
            sys.stdin, sys.displayhook = asked, shown

    def offers(self, text: str) -> list[str]:
        """What the name at the end of ``text`` may go on as."""
        found: list[str] = []
        try:
            while len(found) < MOST_OFFERS and (offer := self._completer.complete(text, len(found))):
                found.append(offer)
        except Exception:  # noqa: BLE001 - a property that is looked at may raise anything
            return found
        return sorted(dict.fromkeys(found))

    def _run(self, text: str, wrong: _Printed) -> None:
        try:
            tree = ast.parse(text, FILE)
            last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, FILE, "exec"), self._names)
            if isinstance(last, ast.Expr):
                exec(compile(ast.Interactive([last]), FILE, "single"), self._names)
        except StudioError as error:
            wrong.write(f"{error}\n")
        except SystemExit:
            wrong.write("The studio goes on; close its window to leave.\n")
        except (Exception, KeyboardInterrupt):  # noqa: BLE001 - the user's own code may raise anything
            self._tell(wrong)

    def _tell(self, wrong: _Printed) -> None:
        """Write what was raised, from where the user's own lines begin."""
        error = sys.exc_info()[1]
        assert error is not None
        trail = None if isinstance(error, SyntaxError) and error.filename == FILE else error.__traceback__
        while trail is not None and trail.tb_frame.f_code.co_filename == __file__:
            trail = trail.tb_next
        lines = traceback.format_exception(type(error), error, trail)
        wrong.write("".join(lines))

    def _show(self, value: object) -> None:
        if value is not None:
            dict.__setitem__(self._names, "_", value)
            print(repr(value))  # noqa: T201 - into the console
