"""The folder of finished frames, from which the fit of a film goes on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from studio.fitting.video.film import Film
from studio.fitting.video.frame import Frame, read_frame, write_frame
from studio.storage.atomic import cannot_write, write_atomically
from studio.storage.errors import StudioError

_NOTE = "fit.json"
_VERSION = 1


@dataclass(frozen=True)
class Store:
    """A folder with a file a frame and a note on what they are of."""

    folder: Path

    def begin(self, film: Film, model_digest: str, recipe: str) -> None:
        """Use the folder for the fit of ``film``; frames of that very fit which lie there stay.

        Args:
            film: the film.
            model_digest: of the head that is fitted.
            recipe: as text; frames by another one are done anew.

        Raises:
            StudioError: the folder holds another fit, or cannot be written.

        """
        status = film.path.stat()
        note = {
            "version": _VERSION,
            "film": film.path.name,
            "bytes": status.st_size,
            "size": list(film.size),
            "fps": film.fps,
            "model": model_digest,
            "recipe": recipe,
        }
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_write(self.folder, error) from error
        path = self.folder / _NOTE
        if path.exists():
            if self._note(path) == note:
                return
            raise StudioError(
                f"{self.folder.name} holds the frames of another fit; choose another folder, or delete it."
            )
        text = json.dumps(note, indent=1) + "\n"
        write_atomically(path, lambda stream: stream.write(text.encode()))

    def _note(self, path: Path) -> object:
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def path(self, number: int) -> Path:
        """Of one frame."""
        return self.folder / f"{number:06d}.npz"

    def write(self, frame: Frame) -> None:
        """Keep ``frame``, in place of what was kept of it.

        Raises:
            StudioError: it cannot be written.

        """
        write_frame(self.path(frame.number), frame)

    def read(self) -> list[Frame]:
        """The frames from number 0 on, as many as lie there whole and without a gap."""
        found: list[Frame] = []
        while self.path(len(found)).exists():
            try:
                frame = read_frame(self.path(len(found)))
            except StudioError:
                break
            found.append(frame)
        return found
