"""Rows of the Fit menu that fit the head to the photo and lead the fit."""

from __future__ import annotations

from studio.actions.row import Action

_NONE_RUNS = "no fit is under way"

FIT: tuple[Action, ...] = (
    Action(
        "fit.start",
        "Fit to photo",
        "Fit",
        lambda w: w.fitting.desk.start(),
        "play",
        "Ctrl+Shift+F",
        "Fit the head to the photo by the recipe",
        separator=True,
        starts_job=True,
    ),
    Action(
        "fit.continue",
        "Continue fit",
        "Fit",
        lambda w: w.fitting.desk.go_on(),
        "step-forward",
        "",
        "Go on from the head that is shown, with the weights of the Fit panel",
        starts_job=True,
    ),
    Action(
        "fit.pause",
        "Pause fit",
        "Fit",
        lambda w: w.fitting.desk.pause(),
        "pause",
        tip="Let the fit wait, or go on",
        why_not=_NONE_RUNS,
    ),
    Action(
        "fit.step",
        "Step fit",
        "Fit",
        lambda w: w.fitting.desk.step(),
        tip="Do one iteration of the fit and wait",
        why_not=_NONE_RUNS,
    ),
    Action(
        "fit.finish",
        "Finish fit here",
        "Fit",
        lambda w: w.fitting.desk.finish(),
        "check",
        tip="End the fit now, with the head that it has reached",
        why_not=_NONE_RUNS,
    ),
    Action(
        "fit.cancel",
        "Cancel fit",
        "Fit",
        lambda w: w.fitting.desk.cancel(),
        "cancel",
        tip="Stop the fit and leave everything as it was",
        why_not=_NONE_RUNS,
    ),
    Action(
        "fit.keep_texture",
        "Keep texture of photo",
        "Fit",
        lambda w: w.fitting.desk.keep_texture(),
        "keep",
        tip="Take the photo off the fitted head and keep it as its skin",
        separator=True,
        starts_job=True,
    ),
    Action(
        "fit.open_recipe",
        "Open recipe…",
        "Fit",
        lambda w: w.fitting.desk.ask_recipe(),
        "open",
        tip="Fit by a recipe in a file of your own",
        separator=True,
    ),
    Action(
        "fit.edit_recipe",
        "Edit recipe…",
        "Fit",
        lambda w: w.fitting.desk.edit_recipe(),
        tip="See and change the recipe as text",
    ),
    Action(
        "fit.panel",
        "Fit panel",
        "Fit",
        lambda w: w.workspace.show_dock("Fit"),
        tip="Bring the Fit panel to the front",
        separator=True,
    ),
)
