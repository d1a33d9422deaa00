"""The one way this project reads a pickle: arrays and plain containers come out, nothing runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from studio.storage.errors import DamagedFileError, RefusedFileError
from studio.storage.paths import read_bytes
from studio.storage.pickle_machine import AskedError, Budget, DamagedError, Machine
from studio.storage.pickle_opcodes import run
from studio.storage.pickle_torch import CHECKPOINT_NAMES, STORAGE_NAMES, TORCH_NAMES
from studio.storage.pickle_values import NAMES, plain

# What our own code raises when a damaged file puts a value of a wrong type or size into its hands.
MISFITS = (TypeError, ValueError, IndexError, KeyError, OverflowError, AttributeError, RecursionError)


def read_pickle(path: Path) -> Any:
    """What the pickle at ``path`` holds, as arrays, dicts, lists, tuples, sets, text and numbers.

    Reads every protocol from 0 to 5, of Python 2 (text and buffers as Latin-1) and 3. SciPy's
    sparse matrices come out dense, chumpy's arrays and torch's tensors as plain arrays; none of
    these libraries is needed.

    Raises:
        RefusedFileError: it asks for anything else; said before anything in it runs.
        DamagedFileError: it is empty, cut short, altered, or has more after its end.
        StudioError: it cannot be read at all.

    """
    return parse_pickle(read_bytes(path), path.name)


def parse_pickle(data: bytes, name: str, persistent: Callable[[Any], Any] | None = None) -> Any:
    """As ``read_pickle``, from memory; ``name`` is what the messages call the file.

    ``persistent`` answers what the pickle keeps outside of itself; None: nothing is.
    """
    if not data:
        raise DamagedFileError(f"{name} is empty; get the file again from where it came.")
    names = NAMES | TORCH_NAMES | (CHECKPOINT_NAMES | STORAGE_NAMES if persistent else {})
    machine = Machine(data, names, Budget(len(data)), persistent)
    try:
        value = plain(run(machine))
        if machine.position != len(data):
            raise DamagedError("goes on after the end of its data")
    except AskedError as asked:
        raise RefusedFileError(_refusal(name, str(asked))) from None
    except DamagedError as damaged:
        raise DamagedFileError(f"{name} {damaged}; get the file again from where it came.") from None
    except MISFITS as error:
        raise DamagedFileError(
            f"{name} is damaged: its parts do not fit together; get the file again from where it came."
        ) from error
    except MemoryError:
        raise DamagedFileError(f"{name} needs more memory than there is; close other programs.") from None
    return value


def _refusal(name: str, asked: str) -> str:
    if asked.startswith("chumpy."):
        return (
            f"{name} holds a chumpy formula ({asked}) instead of an array, so it was not opened; "
            "save it again with plain NumPy arrays."
        )
    return (
        f"{name} asks for {asked}, which no head model needs, so it was not opened; "
        "get the file from its publisher."
    )
