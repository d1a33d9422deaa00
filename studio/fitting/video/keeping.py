"""Where the window keeps the finished frames of films, so that a fit goes on after a stop or a crash."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from studio.storage.paths import cannot_read

KEPT = 14 * 86_400.0  # seconds after which nobody comes back to a fit


def films_folder() -> Path:
    """Where the platform keeps what can be made anew; it may not exist yet."""
    from platformdirs import user_cache_path

    from studio.flame.folders import APPLICATION

    return user_cache_path(APPLICATION, appauthor=False) / "films"


def folder_for(film: Path, known: Sequence[object]) -> Path:
    """The folder of the fit of ``film`` of which all that decides what comes out is ``known``.

    Raises:
        StudioError: the film cannot be read.

    """
    try:
        status = film.stat()
    except OSError as error:
        raise cannot_read(film, error) from None
    told = repr((str(film.absolute()), status.st_size, status.st_mtime_ns, *known))
    return films_folder() / hashlib.sha256(told.encode()).hexdigest()[:24]


def remove_old(kept: float = KEPT) -> None:
    """Remove the folders in which nothing was written for ``kept`` seconds."""
    folder = films_folder()
    if not folder.is_dir():
        return
    for old in folder.iterdir():
        try:
            is_old = time.time() - old.stat().st_mtime > kept
        except OSError:
            continue
        if is_old:
            shutil.rmtree(old, ignore_errors=True)
