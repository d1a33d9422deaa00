"""Decoded samples: in memory while they are few, else in a file that goes with the studio."""

from __future__ import annotations

import os
import tempfile
from typing import IO

import numpy as np

from studio.sound.reading import Samples
from studio.storage.errors import StudioError

IN_MEMORY = 256 << 20  # bytes; of more, the system keeps in memory what is being played

_PREFIX = "flame-studio-sound-"
_ON_DISK = "/var/tmp"  # where /tmp is kept in memory, as on some systems, this is not


class SampleStore:
    """Takes samples block by block and gives them back as one array.

    Args:
        in_memory: bytes up to which they stay in memory; what is more goes to a temporary file.

    """

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._blocks: list[Samples] = []
        self._bytes, self._most = 0, in_memory
        self._shape = (0, 1)
        self._file: IO[bytes] | None = None

    def add(self, block: Samples) -> None:
        """Take the next ``block`` (n, C).

        Raises:
            StudioError: there is no room for the temporary file.

        """
        self._shape = (self._shape[0] + len(block), block.shape[1])
        self._bytes += block.nbytes
        try:
            if self._file is None and self._bytes > self._most:
                self._file = tempfile.TemporaryFile(prefix=_PREFIX, dir=_folder())  # noqa: SIM115
                for early in self._blocks:
                    self._file.write(early.tobytes())
                self._blocks.clear()
            if self._file is not None:
                self._file.write(block.tobytes())
            else:
                self._blocks.append(block)
        except OSError as error:
            self.close()
            raise StudioError(
                f"The sound is too long for the room left on the disk ({error.strerror or error}); free some."
            ) from None

    def samples(self) -> Samples:
        """All that was taken, (N, C), read-only; there must be some.

        Raises:
            StudioError: there is no room for the temporary file.

        """
        if self._file is None:
            whole = np.concatenate(self._blocks)
            whole.flags.writeable = False
            return whole
        try:
            self._file.flush()
            return np.memmap(self._file, np.float32, "r", shape=self._shape)
        except OSError as error:
            raise StudioError(
                f"The sound cannot be kept on the disk ({error.strerror or error}); free some room."
            ) from None
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the file; an array that was made of it stays."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _folder() -> str | None:
    """Where the temporary file goes; None: where the system has them."""
    return _ON_DISK if os.access(_ON_DISK, os.W_OK | os.X_OK) else None
