"""All files of a fit to a scan, put into a folder together or not at all."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Backend
from studio.export.films import scratch_folder
from studio.export.mesh import write_obj
from studio.export.note import licence_note
from studio.export.target import check_no_input, check_target
from studio.export.textured_mesh import write_picture_file
from studio.fitting.scans.drawing import ScanCamera, draw_scan, heat_of
from studio.fitting.scans.result import ScanFit, ScanProblem
from studio.flame.landmark_names import IBUG
from studio.flame.normals import vertex_normals
from studio.jobs.job import Cancelled, Progress, Report, check
from studio.sequence.clip import Clip
from studio.sequence.files import write_clip
from studio.storage.atomic import write_atomically

ENDINGS = (".npz", ".obj", "_distances.png", "_distances.npy", "_report.json")
FARTHEST = 3.0  # millimetres of the last colour
_SIDE = 700  # pixels of one view
_YAWS = (-0.8, 0.0, 0.8)  # radians
_BACKGROUND = 255


@dataclass(frozen=True, eq=False)
class ScanFiles:
    """What was written."""

    paths: tuple[Path, ...]
    report: dict[str, Any]


@dataclass(frozen=True, eq=False)
class ScanFilesJob:
    """Write what was found in a scan into ``folder``, every file called ``label`` and something.

    The clip (.npz, metric) and the mesh (.obj) of the head, the distances in millimetres as numbers of the
    vertices (_distances.npy, NaN where the scan shows nothing) and as colours on the head
    (_distances.png), and a report with where the scan lies.
    """

    backend: Backend
    problem: ScanProblem
    fit: ScanFit
    folder: Path
    label: str
    sources: tuple[Path, ...] = ()
    name: str = "Fit files"

    def run(self, progress: Report, cancelled: Cancelled) -> ScanFiles:
        """What was written.

        Raises:
            JobCancelled: it was asked to stop; nothing is written.
            StudioError: it cannot be written, or a file that was read would be replaced.

        """
        check_scan_targets(self.folder, self.label, self.sources)
        progress(Progress(0, 0, "Writing the head"))
        model, label, fit = self.backend.model, self.label, self.fit
        report = report_of_scan(self.problem, fit)
        with scratch_folder(self.folder / label) as scratch:
            clip = Clip.still(fit.params, model_name=model.name, model_digest=model.digest)
            write_clip(scratch / f"{label}.npz", clip, model)
            surface = self.backend.forward(fit.params)
            write_atomically(scratch / f"{label}.obj", lambda stream: write_obj(stream, model, surface))
            note = licence_note(model)
            write_picture_file(scratch / f"{label}_distances.png", heat_picture(self.problem, fit), note)
            numbers = fit.distances.vertices
            write_atomically(scratch / f"{label}_distances.npy", lambda stream: np.save(stream, numbers))
            text = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
            write_atomically(scratch / f"{label}_report.json", lambda stream: stream.write(text.encode()))
            check(cancelled)
            paths = []
            for file in sorted(scratch.iterdir()):
                os.replace(file, self.folder / file.name)
                paths.append(self.folder / file.name)
        return ScanFiles(tuple(paths), report)


def check_scan_targets(folder: Path, label: str, sources: tuple[Path, ...]) -> None:
    """Make sure, before anything is computed, that the files can be written.

    Raises:
        StudioError: the folder is missing or closed to us, or a file that is read would be replaced.

    """
    for ending in ENDINGS:
        target = folder / f"{label}{ending}"
        check_target(target)
        check_no_input(target, sources)


def report_of_scan(problem: ScanProblem, fit: ScanFit) -> dict[str, Any]:
    """Distances, landmarks, where the scan lies and how long it took, as plain values for JSON."""
    model, distances = problem.model, fit.distances
    face = model.regions.get("face")
    near = distances.points[distances.near].astype(np.float64)
    points: dict[str, Any] = {"count": len(distances.points), "near_the_head": len(near)}
    if len(near):
        points |= {"mean_mm": float(near.mean()), "median_mm": float(np.median(near))}
    pairs = zip(problem.picks.indices, fit.landmarks, strict=False)
    return {
        "scan": problem.scan.name,
        "model": {"name": model.name, "digest": model.digest},
        "head_to_scan": distances.told(),
        "face_to_scan": distances.told(face) if face is not None else {},
        "scan_to_head": points,
        "landmarks_mm": {IBUG[int(index)].name: round(float(missed), 4) for index, missed in pairs},
        "scan_in_head_metres": {
            "matrix": fit.placement.turn.tolist(),
            "shift": fit.placement.shift.tolist(),
            "metres_per_unit": fit.placement.scale,
        },
        "iterations": len(fit.history),
        "seconds": round(fit.seconds, 3),
        "notices": list(fit.notices),
    }


def heat_picture(problem: ScanProblem, fit: ScanFit) -> NDArray[np.uint8]:
    """Three views (H, 3 H, 3) of the head in the colours of its distances, up to 3 mm."""
    faces = problem.model.faces
    normals = vertex_normals(fit.vertices.astype(np.float32), faces)
    colours = heat_of(fit.distances.vertices, FARTHEST)
    around = ScanCamera.around(fit.vertices)
    camera = replace(around, zoom=1.25 * around.zoom)
    views = []
    for yaw in _YAWS:
        seen = camera.turned(yaw, 0.0)
        drawn = draw_scan(fit.vertices, faces, normals, seen, (_SIDE, _SIDE), colours).picture
        views.append(np.where(drawn[..., 3:] > 0, drawn[..., :3], np.uint8(_BACKGROUND)))
    return np.concatenate(views, axis=1)
