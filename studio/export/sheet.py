"""A sheet of components: a picture of the head with each at low, middle and high."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from studio.backends.base import Backend, Surface
from studio.document.look import Caption
from studio.export.note import licence_note
from studio.export.options import SheetOptions
from studio.export.pictures import QUALITY, check_picture, write_picture
from studio.export.sheet_layout import Image, compose, lay_out
from studio.export.sheet_plan import Cell, Row, Subject, plan_rows
from studio.flame.params import Params
from studio.flame.textures import source_called
from studio.jobs.job import Cancelled, Progress, Report, check
from studio.render.framing import frame_head
from studio.render.shot import Renderer, Shot


@dataclass(frozen=True, eq=False)
class SheetJob:
    """Rows of the first ``count`` components of ``subject``, each at -``sigma``, 0 and ``sigma``.

    ``shot`` gives model, look, direction and the size of one picture, and the surface of a sheet of the
    texture; ``params`` and the look's texture are what the other components are. ``backend`` belongs
    to the job while it runs.
    """

    renderer: Renderer
    backend: Backend
    shot: Shot
    params: Params
    subject: Subject
    path: Path
    count: int = SheetOptions.count
    sigma: float = SheetOptions.sigma
    framed: bool = True  # move the camera so that every head is seen whole
    quality: int = QUALITY  # of JPEG and WebP, 1..100
    name: str = "Sheet"

    def run(self, progress: Report, cancelled: Cancelled) -> Path:
        """The path written.

        Raises:
            JobCancelled: it was asked to stop; nothing is written.
            StudioError: the model has no such components, the sheet would be too large, or it cannot
                be drawn or written.

        """
        check_picture(self.path, transparent=False)
        rows = self.rows
        titles = [row.title for row in rows]
        captions = [[cell.caption for cell in row.cells] for row in rows]
        layout = lay_out(titles, captions, self.shot.size)
        shots = self._shots(rows)
        total = sum(len(row) for row in shots)
        progress(Progress(0, total, "Drawing the sheet"))
        pictures: list[list[Image]] = []
        for row in shots:
            pictures.append([])
            for shot in row:
                check(cancelled)
                pictures[-1].append(self.renderer.render(shot, cancelled))
                done = sum(len(finished) for finished in pictures)
                progress(Progress(done, total, "Drawing the sheet", pictures[-1][-1]))
        page = compose(layout, titles, captions, pictures)
        write_picture(self.path, page, self._note(), self.quality, cancelled)
        return self.path

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown.

        Raises:
            StudioError: see :func:`studio.export.sheet_plan.plan_rows`.

        """
        return plan_rows(self.shot.model, self.subject, self.count, self.sigma, self.params, self.shot.look)

    def _shots(self, rows: tuple[Row, ...]) -> list[list[Shot]]:
        """One shot for each cell, all from one place, from where every head is seen whole."""
        surfaces = [[self._surface(cell) for cell in row.cells] for row in rows]
        points = np.concatenate([surface.vertices for row in surfaces for surface in row])
        width, height = self.shot.size
        camera = frame_head(points, self.shot.camera, width / height) if self.framed else self.shot.camera
        ground = replace(self.shot, camera=camera, transparent=True)
        return [
            [
                replace(ground, surface=surface, look=cell.look.replace(caption=Caption()))
                for surface, cell in zip(found, row.cells, strict=True)
            ]
            for found, row in zip(surfaces, rows, strict=True)
        ]

    def _surface(self, cell: Cell) -> Surface:
        return self.shot.surface if self.subject == "texture" else self.backend.forward(cell.params)

    def _note(self) -> str:
        """The licences of the model and of the texture that was taken from a file of its own."""
        note = licence_note(self.shot.model)
        source = source_called(self.shot.model, self.shot.look.texture.key)
        if source is None or source.kind == "open head":
            return note
        return f"{note} Licence of the texture {source.name}: {source.licence.rstrip('. ')}."
