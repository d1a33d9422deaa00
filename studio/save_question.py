"""The questions that stand before work which is not saved."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMessageBox, QWidget


def question_box(parent: QWidget, title: str, question: str, told: str) -> QMessageBox:
    """A box with a ``question`` and what is ``told`` beside it, both plain text; buttons are the caller's."""
    box = QMessageBox(parent)
    box.setWindowTitle(title)
    box.setIcon(QMessageBox.Icon.Question)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(question)
    box.setInformativeText(told)
    return box


def ask_to_save(parent: QWidget, title: str, name: str) -> int:
    """Ask whether the changes to the session ``name`` are to be saved: Save, Discard or Cancel."""
    box = question_box(parent, title, f"Save the changes to “{name}”?", "What is not saved is lost.")
    buttons = QMessageBox.StandardButton
    box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
    box.button(buttons.Discard).setText("Don't save")
    for button in box.buttons():
        button.setIcon(QIcon())
    box.setDefaultButton(buttons.Save)
    return box.exec()
