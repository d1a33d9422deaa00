"""Every operation on clips as a row of one table: command line, dialog, palette and scripts come from it."""

from __future__ import annotations

import difflib

from studio.operations import cleaning_rows, head_rows, shaping_rows, timing_rows
from studio.operations.row import Operation
from studio.storage.errors import StudioError

OPERATIONS: tuple[Operation, ...] = (
    *timing_rows.ROWS,
    *cleaning_rows.ROWS,
    *shaping_rows.ROWS,
    *head_rows.ROWS,
)
BY_ID = {row.id: row for row in OPERATIONS}


def operation_called(name: str) -> Operation:
    """The operation called ``name``, as in Python or as on the command line.

    Raises:
        StudioError: there is none; the sentence names what comes close.

    """
    found = BY_ID.get(name.replace("-", "_"))
    if found is not None:
        return found
    close = difflib.get_close_matches(name.replace("-", "_"), BY_ID, 1)
    verbs = ", ".join(row.verb for row in OPERATIONS)
    meant = f"did you mean {BY_ID[close[0]].verb}?" if close else f"there are {verbs}."
    raise StudioError(f"There is no operation called {name}; {meant}")
