"""What is measured on every frame of a clip, as a table or as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from studio.backends.base import FRAMES_AT_A_TIME, Backend
from studio.export.note import licence_note
from studio.export.target import check_format, check_target
from studio.flame.measures import MEASURES, Measure, measure_head
from studio.jobs.job import Cancelled, Progress, Report, check
from studio.sequence.stream import FrameSource
from studio.storage.atomic import write_atomically

MEASURE_FILES = (".csv", ".json")
_DECIMALS = 4  # of millimetres and degrees


@dataclass(frozen=True, eq=False)
class MeasurementsJob:
    """Measure the head in every frame of ``clip``.

    A CSV has a row for each frame: ``frame``, ``seconds`` and each measurement that the model allows, in
    millimetres or degrees as its heading tells ("face_width_mm", "jaw_angle_deg"). JSON has ``fps``, the
    definitions under ``measures`` and a list of values for each under ``frames``, with the model's labels.
    ``backend`` belongs to the job while it runs.
    """

    backend: Backend
    clip: FrameSource
    path: Path
    name: str = "Measurements"

    def run(self, progress: Report, cancelled: Cancelled) -> Path:
        """The path written.

        Raises:
            JobCancelled: it was asked to stop; nothing is written.
            StudioError: the format is not known, or it cannot be written.

        """
        suffix = check_format(self.path, MEASURE_FILES, "measurements")
        check_target(self.path)
        rows = self._rows(progress, cancelled)
        writer = self._write_csv if suffix == ".csv" else self._write_json
        write_atomically(self.path, lambda stream: writer(stream, rows))
        return self.path

    def _rows(self, progress: Report, cancelled: Cancelled) -> Iterator[dict[str, float]]:
        """The values of each frame, in order."""
        model, done, count = self.backend.model, 0, len(self.clip)
        for block in self.clip.blocks(FRAMES_AT_A_TIME):
            batch = block.batch()
            surfaces = self.backend.forward_batch(batch)
            for index in range(len(batch)):
                check(cancelled)
                measured = measure_head(
                    model, surfaces.vertices[index], surfaces.joints[index], batch.pose[index]
                )
                yield {key: round(value, _DECIMALS) for key, value in measured.values.items()}
            done += len(batch)
            progress(Progress(done, count, "Measuring"))

    def _write_csv(self, stream: IO[bytes], rows: Iterator[dict[str, float]]) -> None:
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
        writer = csv.writer(text, lineterminator="\n")
        for index, values in enumerate(rows):
            known = [measure for measure in MEASURES if measure.key in values]
            if index == 0:
                writer.writerow(["frame", "seconds", *(_heading(measure) for measure in known)])
            seconds = round(index / self.clip.fps, 6)
            writer.writerow([index, seconds, *(values[measure.key] for measure in known)])
        text.detach()

    def _write_json(self, stream: IO[bytes], rows: Iterator[dict[str, float]]) -> None:
        model = self.backend.model
        frames = list(rows)
        told = {
            "model": {"name": model.name, "digest": model.digest},
            "licence": licence_note(model),
            "fps": self.clip.fps,
            "measures": {
                measure.key: {"unit": measure.unit, "definition": measure.tip}
                for measure in MEASURES
                if measure.key in frames[0]
            },
            "frames": {key: [values[key] for values in frames] for key in frames[0]},
        }
        stream.write(json.dumps(told, indent=1, ensure_ascii=False).encode("utf-8") + b"\n")


def _heading(measure: Measure) -> str:
    return f"{measure.key}_{'deg' if measure.unit == '°' else measure.unit}"
