"""Rows of the Fit menu that fit the head to a scan."""

from __future__ import annotations

from studio.actions.row import Action

SCANS: tuple[Action, ...] = (
    Action(
        "fit.scan",
        "Fit to scan…",
        "Fit",
        lambda w: w.scans.ask(),
        "mesh",
        tip="Open a scan, OBJ, PLY or STL, pick landmarks on it and fit the head to it",
        separator=True,
        starts_job=True,
    ),
)
