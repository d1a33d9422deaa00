"""File menu: new, open, save, models, quit."""

from __future__ import annotations

from studio.actions.row import Action

ACTIONS: tuple[Action, ...] = (
    Action(
        "new", "New", "File", lambda w: w.sessions.new(), "new", "Ctrl+N", "Begin anew on the same head model"
    ),
    Action(
        "open",
        "Open…",
        "File",
        lambda w: w.files.ask(),
        "open",
        "Ctrl+O",
        "Open a session, a clip or a head model",
        toolbar=True,
    ),
    Action(
        "open_sound",
        "Open sound…",
        "File",
        lambda w: w.sounding.ask(),
        "sound",
        "Ctrl+Shift+O",
        "Hear a wav, flac, ogg or mp3 file while the take plays",
    ),
    Action(
        "open_folder",
        "Open folder…",
        "File",
        lambda w: w.files.ask_folder(),
        "",
        "Ctrl+Alt+O",
        "Open a folder with a file for each frame, or a sequence of meshes",
    ),
    Action(
        "clear_recent",
        "Clear the list",
        "File/Open recent",
        lambda w: w.settings.forget_recent(),
        tip="Forget the files opened lately",
        why_not="Nothing opened yet",
    ),
    Action(
        "save",
        "Save session",
        "File",
        lambda w: w.sessions.save(),
        "save",
        "Ctrl+S",
        "Save everything: takes, look and camera",
        toolbar=True,
        separator=True,
    ),
    Action(
        "save_as",
        "Save session as…",
        "File",
        lambda w: w.sessions.save_as(),
        "",
        "Ctrl+Shift+S",
        "Save everything to another file",
    ),
    Action(
        "save_clip",
        "Save clip as…",
        "File",
        lambda w: w.exports.parameters(),
        "clip",
        "",
        "Save the take with its changes",
    ),
    Action(
        "media.embed",
        "Embed pictures and sounds",
        "File/Pictures and sounds",
        lambda w: w.media.embed(),
        tip="Carry them along in the session's file",
    ),
    Action(
        "media.refer",
        "Refer to pictures and sounds",
        "File/Pictures and sounds",
        lambda w: w.media.refer(),
        tip="Leave them in files of their own",
    ),
    Action(
        "media.locate",
        "Locate missing files…",
        "File/Pictures and sounds",
        lambda w: w.media.locate(),
        tip="Say where pictures and sounds are now",
    ),
    Action(
        "models",
        "Models…",
        "File",
        lambda w: w.show_models(),
        "models",
        "Ctrl+M",
        "See which head models were found, and add FLAME",
        separator=True,
        toolbar=True,
    ),
    Action("quit", "Quit", "File", lambda w: w.close(), "", "Ctrl+Q", "Close the studio", separator=True),
)
