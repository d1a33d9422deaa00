"""From the words on the command line to an exit status."""

from __future__ import annotations

import argparse
import difflib
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from studio.cli.arguments import PROGRAM, VERBS, common_flags, verb_parser, window_parser
from studio.storage.errors import StudioError

DONE, FAILED, INTERRUPTED, TERMINATED = 0, 1, 130, 143

_log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Run what ``argv`` asks for; the exit status.

    0: done. 1: it failed, with one sentence on standard error (with ``--json`` as ``error`` of the object
    on standard output instead), or ``info`` was asked of a file that has ``problems``. 2: the words make
    no sense. 130: interrupted. 143: terminated.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        common, rest = _common(words)
        if rest and rest[0] in VERBS:
            given = _given(rest[0], rest[1:], common)
            arguments = verb_parser(rest[0]).parse_args(rest[1:], common)
            arguments.given = given
            return _run_verb(arguments, rest[0])
        if rest and not rest[0].startswith("-"):
            _require_file(window_parser(), rest[0])
        return _open_window(window_parser(), rest, common)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else DONE


def _given(verb: str, words: list[str], common: argparse.Namespace) -> frozenset[str]:
    """Which flags ``words``, that the command ``verb`` takes, name themselves, beside those of ``common``."""
    parser = verb_parser(verb)
    for action in parser._actions:
        action.default = argparse.SUPPRESS
    told = vars(parser.parse_args(words))
    return frozenset((*told, *(name for name, value in vars(common).items() if value)))


def _common(words: list[str]) -> tuple[argparse.Namespace, list[str]]:
    """The flags that every command takes, and the words left over."""
    try:
        return common_flags().parse_known_args(words)
    except argparse.ArgumentError as error:
        verb = next((word for word in words if word in VERBS), None)
        (verb_parser(verb) if verb else window_parser()).error(str(error))


def _require_file(parser: argparse.ArgumentParser, word: str) -> None:
    """End with the usage where ``word``, which is no command, is no file either."""
    if not Path(word).exists():
        close = difflib.get_close_matches(word, VERBS, 1)
        meant = f" (did you mean {close[0]}?)" if close else ""
        parser.error(
            f"there is no command {word}{meant} and no file of that name; commands are {', '.join(VERBS)}"
        )


def _open_window(parser: argparse.ArgumentParser, rest: list[str], common: argparse.Namespace) -> int:
    arguments = parser.parse_args(rest, common)
    for file in arguments.files:
        _require_file(parser, str(file))
    try:
        _require_display()
        return _run_window(arguments)
    except StudioError as error:
        return _fail(str(error), arguments.json)


def _require_display() -> None:
    """Make sure that Qt finds a screen: without one it ends the process.

    Raises:
        StudioError: there is none.

    """
    wanted = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in wanted):
        raise StudioError(
            "There is no display to open the window on; log in to a desktop, "
            f"or use a command that needs none: {', '.join(VERBS)}."
        )


def _run_window(arguments: argparse.Namespace) -> int:
    from studio.app import WindowOptions, run

    options = WindowOptions(
        model=arguments.model,
        backend=arguments.backend,
        device=arguments.device,
        threads=arguments.threads,
        trace=arguments.trace,
        snapshot=arguments.snapshot,
    )
    return run(arguments.files, options)


def _run_verb(arguments: argparse.Namespace, verb: str) -> int:
    try:
        from studio.cli.verbs import RUN

        with _cleaning_up_when_terminated():
            result = RUN[verb](arguments)
    except StudioError as error:
        return _fail(_with_help(error), arguments.json)
    except KeyboardInterrupt:
        return _fail("Stopped; nothing was left half-written.", arguments.json, INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong, the user gets a sentence
        _log.debug("%s failed", verb, exc_info=True)
        return _fail(
            f"{verb} stopped on an unexpected problem ({type(error).__name__}: {error}).", arguments.json
        )
    return _answer(result, arguments.json)


def _with_help(error: StudioError) -> str:
    """What went wrong, and the flag that does something about it."""
    from studio.sequence.joints import GapsError

    return f"{error} Or fill such gaps with --fill-gaps." if isinstance(error, GapsError) else str(error)


@contextmanager
def _cleaning_up_when_terminated() -> Iterator[None]:
    """Let SIGTERM unwind the work, so that it takes its unfinished files along."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _answer(result: dict[str, Any], as_json: bool) -> int:
    """Say what came out: an object, or lines for people with notices and problems on standard error."""
    status = FAILED if result.get("problems") else DONE
    if as_json:
        return _say(json.dumps(result, default=str) + "\n") or status
    told = [*result.pop("notices", []), *result.pop("problems", [])]
    said = _say(result["output"] + "\n" if "output" in result else _table(result))
    for sentence in told:
        _tell(sentence)
    return said or status


def _say(text: str) -> int:
    """Write ``text`` to standard output, which may be full or closed; the exit status."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python fails again at exit
        if not isinstance(error, BrokenPipeError):
            _tell(f"Standard output cannot be written ({error.strerror}).")
        return FAILED
    return DONE


def _table(result: dict[str, Any]) -> str:
    """``result`` as aligned lines; empty values are left out, lists one entry a line."""
    lines = []
    for name, value in result.items():
        values = list(value) if isinstance(value, (list, tuple)) else [value]
        if isinstance(value, dict):
            values = [f"{key} {entry}" for key, entry in value.items()]
        for index, entry in enumerate(values):
            if entry not in ("", None):
                lines.append(f"{name.replace('_', ' ') if index == 0 else '':<14} {entry}\n")
    return "".join(lines)


def _fail(sentence: str, as_json: bool, status: int = FAILED) -> int:
    if as_json:
        _say(json.dumps({"error": sentence}) + "\n")
    else:
        _tell(sentence)
    return status


def _tell(sentence: str) -> None:
    sys.stderr.write(f"{PROGRAM}: {sentence}\n")
