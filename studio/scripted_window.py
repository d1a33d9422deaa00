"""The window's own studio for scripts: what the console does is what the user's hands do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from studio.backends import Backend
from studio.document.commands import Command
from studio.flame.model import HeadModel
from studio.render.shot import Renderer
from studio.scripting.files import with_ending
from studio.scripting.naming import one_of
from studio.scripting.studio import Studio
from studio.session.on_model import open_session
from studio.storage.errors import StudioError

if TYPE_CHECKING:
    from studio.window import StudioWindow


class WindowStudio(Studio):
    """A studio on the document of ``window``, with its history, models and renderer."""

    def __init__(self, window: StudioWindow) -> None:
        self._window = window
        self._begin(window.document, *self._computing_with(), window.engine.choice.threads)

    def _computing_with(self) -> tuple[str, str | None]:
        choice = self._window.engine.choice
        return choice.name, choice.device

    def push(self, command: Command) -> None:
        """Do a command and remember it for undo."""
        self._window.push(command)

    @property
    def steps(self) -> list[str]:
        """What undo would take back, the last one last."""
        stack = self._window.history.stack
        return [stack.text(index) for index in range(stack.index())]

    def undo(self, steps: int = 1) -> None:
        """Take the last steps back."""
        stack = self._window.history.stack
        stack.setIndex(max(stack.index() - steps, 0))

    def redo(self, steps: int = 1) -> None:
        """Do again what was taken back."""
        stack = self._window.history.stack
        stack.setIndex(min(stack.index() + steps, stack.count()))

    def save(self, path: str | Path) -> Path:
        """Save everything as a session, which the window goes on with."""
        path = with_ending(Path(path))
        self._window.sessions.save_to(path)
        return path

    @property
    def backend(self) -> Backend:
        """What computes surfaces of the model in use; made when first asked for, beside the window's own."""
        if self._choice != self._computing_with():
            self._choice, self._computing = self._computing_with(), None
        return super().backend

    @property
    def renderer(self) -> Renderer:
        """What draws pictures."""
        return self._window.canvas.renderer

    @property
    def aspect(self) -> float:
        """Width over height of the canvas."""
        return self._window.canvas.aspect

    def run(self, action: str) -> None:
        """Do one of the window's actions, by its name in the table of all actions."""
        actions = self._window.actions_by_id
        wanted = actions[one_of(action, actions, "action")]
        if not wanted.isEnabled():
            raise StudioError(f"{wanted.text()} cannot be done now.")
        wanted.trigger()

    def play(self) -> None:
        """Play the take."""
        self._window.player.play()

    def pause(self) -> None:
        """Stop playing."""
        self._window.player.pause()

    def _model_called(self, name: str) -> HeadModel:
        for model in self._window.files.models:
            if name == model.name:
                return model
        return super()._model_called(name)

    def _switch(self, model: HeadModel) -> None:
        self._window.files.use_model(model)

    def _tell(self, notices: Sequence[str]) -> None:
        for notice in notices:
            self._window.notify(notice)

    def _open_session(self, path: Path) -> None:
        opened = open_session(path, tuple(self._window.files.models), self.model.original)
        self._window.sessions.use(path, opened)
