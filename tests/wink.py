"""The hands of somebody who makes a wink in the real window, until the studio is killed.

``python -m tests.wink FOLDER`` works as a user does, by mouse and keys, in a studio whose poses and autosaves
are in FOLDER, prints what the face is as JSON once it has been kept by itself, and waits for its end.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from studio.__main__ import choose_qt

choose_qt()

from PySide6.QtCore import Qt, QTimer  # noqa: E402 - Qt is chosen first
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QPushButton  # noqa: E402

from studio import app, pose_library, sessions  # noqa: E402
from studio.panels.pose_form import PoseForm  # noqa: E402
from studio.widgets.slider_row import SliderRow  # noqa: E402
from studio.window import StudioWindow  # noqa: E402
from tests.panels.hands import drag, type_number  # noqa: E402
from tests.windows import WAIT  # noqa: E402

LEFT = Qt.MouseButton.LeftButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
POSE = "Wink with a half smile"
ELSEWHERE = ("Brow inner up", "Jaw open", "Mouth pucker", "Cheek puff", "Tongue out")


def use_folders(folder: Path) -> None:
    """Let poses, their pictures and autosaves lie in ``folder``."""
    sessions.autosave_folder = lambda: folder / "autosave"
    pose_library.user_poses = lambda: folder / "poses"
    pose_library.thumbnail_folder = lambda: folder / "cache"


def search(window: StudioWindow, text: str) -> SliderRow:
    """Look for a control of the Face panel by typing; the first row found."""
    dock = window.workspace.docks["Face"]
    dock.show()
    dock.raise_()
    QTest.qWait(50)
    field = next(f for f in dock.findChildren(QLineEdit) if f.accessibleName() == "Search face")
    QTest.mouseClick(field, LEFT)
    QTest.keyClick(field, Qt.Key.Key_A, CONTROL)
    QTest.keyClicks(field, text)
    QTest.qWait(50)
    rows = [row for row in dock.findChildren(SliderRow) if row.isVisible() and row.scale.label != "Strength"]
    return rows[0]


def make_the_face(window: StudioWindow) -> None:
    """Close one eye, lift one corner of the mouth, look at the camera from the side."""
    type_number(search(window, "blink left"), "1")
    drag(search(window, "smile left"), 0.2, 0.45)
    view = window.canvas.view
    middle = view.rect().center()
    QTest.mousePress(view, LEFT, pos=middle + (view.rect().topRight() - middle) * 0.8)
    QTest.mouseMove(view, middle)
    QTest.mouseRelease(view, LEFT, pos=middle)
    QTest.keyClick(window, Qt.Key.Key_G, CONTROL)


def _waited_for(find: Callable[[], list[PoseForm]]) -> PoseForm:
    """The first form that ``find`` gives, once there is one."""
    deadline = time.monotonic() + WAIT / 1000.0
    while not (found := find()):
        assert time.monotonic() < deadline
        QTest.qWait(10)
    return found[0]


def save_pose(window: StudioWindow) -> None:
    """Keep the face in the library under its name."""
    QTest.keyClick(window, Qt.Key.Key_K, CONTROL | SHIFT)
    form = _waited_for(lambda: [form for form in window.findChildren(PoseForm) if form.isVisible()])
    field = next(field for field in form.findChildren(QLineEdit) if field.accessibleName() == "Name")
    QTest.keyClick(field, Qt.Key.Key_A, CONTROL)
    QTest.keyClicks(field, POSE)
    QTest.keyClick(field, Qt.Key.Key_Return)


def spoil_it(window: StudioWindow) -> None:
    """Make ten more steps."""
    for name in ELSEWHERE:
        row = search(window, name.split(maxsplit=1)[-1])
        type_number(row, "0.7")
        type_number(row, "0.2")


def stay_when_asked(window: StudioWindow) -> None:
    """Close the window and, asked about what is not saved, think better of it."""

    def cancel() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            found = next(b for b in box.findChildren(QPushButton) if "Cancel" in b.text())
            QTest.mouseClick(found, LEFT)
        else:
            QTimer.singleShot(20, cancel)

    QTimer.singleShot(20, cancel)
    QTest.keyClick(window, Qt.Key.Key_Q, CONTROL)


def tell(told: dict[str, object]) -> None:
    """Tell whoever waits, in one line."""
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def work_or_end(window: StudioWindow) -> None:
    """Do not let anybody wait for hands that failed."""
    try:
        work(window)
    except BaseException:  # noqa: BLE001 - whoever waits for these hands must hear of any end
        traceback.print_exc()
        os._exit(1)


def work(window: StudioWindow) -> None:
    """All of it."""
    make_the_face(window)
    save_pose(window)
    made, face = window.history.stack.index(), window.document.params
    spoil_it(window)
    steps = window.history.stack.index() - made
    spoiled = window.document.params != face
    window.canvas.view.setFocus()
    for _ in range(10):
        QTest.keyClick(window, Qt.Key.Key_Z, CONTROL)
    stay_when_asked(window)
    told = {
        "made_in_steps": made,
        "spoiled": spoiled,
        "steps": steps,
        "is_back": window.document.params == face,
        "expr": face.expr.tolist(),
        "eyes_pose": face.eyes_pose.tolist(),
        "eyelids": face.eyelids.tolist(),
        "azimuth": window.document.camera.azimuth,
    }
    QTimer.singleShot(1500, lambda: tell(told))


def main() -> int:
    """Start the studio and put the hands to work once its head is there."""
    use_folders(Path(sys.argv[1]))
    sessions._AUTOSAVE_INTERVAL = 100
    begin = app._begin

    def begin_and_work(window: StudioWindow, *arguments: object) -> None:
        begin(window, *arguments)
        window.head_shown.connect(app._Once(lambda: QTimer.singleShot(300, lambda: work_or_end(window))))

    app._begin = begin_and_work
    return app.run([], app.WindowOptions(backend="torch", device="cpu"))


if __name__ == "__main__":
    sys.exit(main())
