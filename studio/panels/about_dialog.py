"""About: version, the papers behind each part, and the licence of everything shipped or loaded."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from studio import __version__
from studio.citations import LICENCES, PAPERS
from studio.flame.model import HeadModel
from studio.theme import application_icon, scaled


class AboutDialog(QDialog):
    """Tells what the studio is made of, with BibTeX to copy."""

    def __init__(self, model: HeadModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About FLAME Studio")
        self.resize(scaled(640), scaled(520))
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.addTab(self._papers(), "Papers")
        tabs.addTab(self._licences(model), "Licences")
        close = QPushButton("Close")
        close.clicked.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 12)
        layout.setSpacing(12)
        layout.addLayout(self._header())
        layout.addWidget(tabs)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(close)
        layout.addLayout(buttons)

    def _header(self) -> QHBoxLayout:
        picture = QLabel()
        picture.setPixmap(application_icon().pixmap(QSize(48, 48)))
        text = QLabel(f"<b>FLAME Studio {__version__}</b><br>Pose, animate and picture the FLAME head model.")
        header = QHBoxLayout()
        header.setSpacing(12)
        header.addWidget(picture)
        header.addWidget(text)
        header.addStretch()
        return header

    def _papers(self) -> QWidget:
        page = QWidget()
        text = QPlainTextEdit("\n\n".join(f"{paper.part}\n{paper.bibtex.strip()}" for paper in PAPERS))
        text.setReadOnly(True)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(self.font().pixelSize())
        text.setFont(font)
        text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        text.setAccessibleName("Papers as BibTeX")
        copy = QPushButton("Copy BibTeX")
        bibtex = "\n\n".join(paper.bibtex.strip() for paper in PAPERS)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(bibtex))
        layout = QVBoxLayout(page)
        layout.addWidget(QLabel("If your work uses the studio, cite what it stands on:"))
        layout.addWidget(text)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(copy)
        layout.addLayout(row)
        return page

    def _licences(self, model: HeadModel) -> QWidget:
        browser = QTextBrowser(openExternalLinks=True)
        browser.setAccessibleName("Licences")
        rows = [f"<p><b>{model.name}</b> (head in use): {model.licence}</p>"]
        rows += [f"<p><b>{entry.name}</b>: {entry.licence}</p>" for entry in LICENCES]
        browser.setHtml("".join(rows))
        return browser
