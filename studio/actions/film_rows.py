"""Rows of the Fit menu that fit the head to a film."""

from __future__ import annotations

from studio.actions.row import Action

FILMS: tuple[Action, ...] = (
    Action(
        "fit.film",
        "Fit to film…",
        "Fit",
        lambda w: w.fitting.films.start(),
        "film",
        tip="Follow a face through a film; a fit that was cancelled goes on where it was",
        separator=True,
        starts_job=True,
    ),
)
