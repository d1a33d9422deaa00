"""What was understood of a clip file, in full."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from studio.sequence.report import FIELD_TITLES, ImportReport
from studio.theme import scaled
from studio.widgets.plain_tip import plain_tip

_WIDTH, _HEIGHT = 680, 480  # at the usual size of text
_COLUMNS = ("In the file", "In the take", "How")


class ReportDialog(QDialog):
    """Shows ``report``: facts on top, then what was taken and what was left out, and copies it as text."""

    def __init__(self, report: ImportReport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"What was read of {report.label}")
        self._report = report
        heading = QLabel(report.summary, wordWrap=True)
        heading.setTextFormat(Qt.TextFormat.PlainText)
        facts = QLabel("\n".join(_facts(report)), wordWrap=True)
        facts.setTextFormat(Qt.TextFormat.PlainText)
        facts.setProperty("role", "secondary")
        facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addWidget(heading)
        layout.addWidget(facts)
        layout.addWidget(self._tree(), 1)
        if report.notes:
            notes = QLabel("\n".join(report.notes), wordWrap=True)
            notes.setTextFormat(Qt.TextFormat.PlainText)
            notes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            layout.addWidget(notes)
        layout.addLayout(self._buttons())
        self.resize(scaled(_WIDTH), scaled(_HEIGHT))

    def _tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setHeaderLabels(_COLUMNS)
        tree.setAccessibleName("What was taken and what was left out")
        tree.setUniformRowHeights(True)
        tree.setRootIsDecorated(False)
        for entry in self._report.taken:
            title = FIELD_TITLES.get(entry.field, entry.field)
            _with_tips(QTreeWidgetItem(tree, [entry.source, title, entry.how]))
        for left in self._report.dropped:
            item = _with_tips(QTreeWidgetItem(tree, [left.source, "left out", left.why]))
            item.setForeground(1, self.palette().placeholderText())
        tree.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        tree.header().resizeSection(0, scaled(_WIDTH // 3))
        tree.header().resizeSection(1, scaled(_WIDTH // 5))
        tree.header().setStretchLastSection(True)
        return tree

    def _buttons(self) -> QHBoxLayout:
        copy = QPushButton("Copy", autoDefault=False)
        copy.setToolTip("Copy the report as text")
        copy.clicked.connect(self._copy)
        close = QPushButton("Close", autoDefault=False)
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(copy)
        row.addWidget(close)
        return row

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join((self._report.label, *self._report.lines())) + "\n")


def _with_tips(item: QTreeWidgetItem) -> QTreeWidgetItem:
    """``item``, whose texts are also told where there is no room for them."""
    for column in range(len(_COLUMNS)):
        item.setToolTip(column, plain_tip(item.text(column)))
    return item


def _facts(report: ImportReport) -> list[str]:
    """The facts that stand on top."""
    told = ("Rate", "Made on", "Units")
    return [line for line in report.lines() if line.startswith(told)]
