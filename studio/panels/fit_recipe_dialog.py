"""A recipe as text, judged while it is written, to be used, saved and opened."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from studio.fitting.recipe import Recipe
from studio.fitting.recipe_file import SUFFIX, read_recipe_text
from studio.fitting.recipe_text import recipe_from_text
from studio.panels.bars import word_button
from studio.storage.atomic import write_atomically
from studio.storage.errors import StudioError
from studio.theme import scaled

KINDS = f"Recipes (*{SUFFIX});;All files (*)"
_SIZE = 640, 560
_JUDGED = 200  # milliseconds after the last key
_NAME = "The recipe"


class RecipeDialog(QDialog):
    """Shows ``text``; what is ``used`` is a recipe whose text was found right."""

    used = Signal(str, str)  # its name, and its text
    problem = Signal(str)

    def __init__(self, text: str, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Recipe")
        self._folder = folder
        self._text = QPlainTextEdit(text)
        self._text.setAccessibleName("Text of the recipe")
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._told = QLabel(wordWrap=True)
        self._told.setMinimumHeight(scaled(34))
        self._judging = QTimer(self, interval=_JUDGED, singleShot=True)
        self._judging.timeout.connect(self.judge)
        self._text.textChanged.connect(self._judging.start)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._use = self._buttons.addButton("Use", QDialogButtonBox.ButtonRole.AcceptRole)
        self._buttons.accepted.connect(self._accept)
        self._buttons.rejected.connect(self.reject)
        self._save = word_button("Save as…", self.ask_save, "Save this text as a recipe file")
        row = QHBoxLayout()
        row.addWidget(word_button("Open…", self.ask_open, "Read a recipe file into this text"))
        row.addWidget(self._save)
        row.addStretch(1)
        row.addWidget(self._buttons)
        column = QVBoxLayout(self)
        column.addWidget(self._text, 1)
        column.addWidget(self._told)
        column.addLayout(row)
        self.resize(scaled(_SIZE[0]), scaled(_SIZE[1]))
        self.judge()

    @property
    def told(self) -> str:
        """What is said of the text."""
        return self._told.text()

    def judge(self) -> Recipe | None:
        """Say whether the text is a recipe, and what it comes to; None: it is none."""
        recipe: Recipe | None = None
        try:
            found = recipe = recipe_from_text(self._text.toPlainText(), _NAME)
            count = len(found.stages)
            told = f"{count} {'stage' if count == 1 else 'stages'}, {found.iterations:,} iterations at most."
        except StudioError as error:
            told = str(error)
        self._told.setText(told)
        role = "secondary" if recipe is not None else "warning"
        if self._told.property("role") != role:
            self._told.setProperty("role", role)
            self._told.style().unpolish(self._told)
            self._told.style().polish(self._told)
        self._use.setEnabled(recipe is not None)
        self._save.setEnabled(recipe is not None)
        return recipe

    def _accept(self) -> None:
        recipe = self.judge()
        if recipe is not None:
            self.used.emit(recipe.name, self._text.toPlainText())
            self.accept()

    def ask_open(self) -> None:
        """Let the user choose a recipe file to go on with."""
        name, _ = QFileDialog.getOpenFileName(self, "Open recipe", str(self._folder), KINDS)
        if not name:
            return
        self._folder = Path(name).parent
        try:
            self._text.setPlainText(read_recipe_text(Path(name)))
        except StudioError as error:
            self.problem.emit(str(error))
        self.judge()

    def ask_save(self) -> None:
        """Let the user choose where the text is saved."""
        recipe = self.judge()
        if recipe is None:
            return
        usual = self._folder / f"{recipe.name.replace('/', '-')}{SUFFIX}"
        name, _ = QFileDialog.getSaveFileName(self, "Save recipe", str(usual), KINDS)
        if not name:
            return
        path = Path(name)
        path = path if path.suffix else path.with_suffix(SUFFIX)
        text = self._text.toPlainText().encode()
        try:
            write_atomically(path, lambda stream: stream.write(text))
        except StudioError as error:
            self.problem.emit(str(error))
