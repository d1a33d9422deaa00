"""What a user is told when something they gave cannot be used."""

from __future__ import annotations


class StudioError(Exception):
    """A problem the user can act on: one sentence that names the file, what is wrong, what to do."""


class JobCancelled(Exception):  # noqa: N818 - it is not an error
    """Raised out of long work that was asked to stop; nothing half-written is left behind."""


class RefusedFileError(StudioError):
    """A file that asks for something no array needs; nothing in it was run."""


class DamagedFileError(StudioError):
    """A file that is cut short, altered, or not what its beginning says."""


class UnfitFileError(StudioError):
    """A whole and harmless file that is not what was asked for, or has wrong arrays or numbers in it."""
