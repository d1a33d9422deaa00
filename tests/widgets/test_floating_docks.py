from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools import virtual_screen

SCRIPT = """
import ctypes
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QLabel, QMainWindow
from studio.widgets.floating_docks import bring_to_front, floating

application = QApplication([])
application.setStyleSheet("QMainWindow { background: #000080 } QDockWidget > QLabel { background: #00c000 }")
window = QMainWindow()
window.setGeometry(50, 50, 500, 400)
dock = QDockWidget("Pose", window)
dock.setWidget(QLabel())
dock.setFloating(True)
dock.setGeometry(150, 150, 200, 200)
window.show()
dock.show()
QTest.qWait(300)

def look():
    QTest.qWait(300)
    print(window.screen().grabWindow(0).toImage().pixelColor(250, 300).name())

x = ctypes.CDLL("libX11.so.6")
x.XOpenDisplay.restype = ctypes.c_void_p
display = ctypes.c_void_p(x.XOpenDisplay(None))
x.XLowerWindow(display, ctypes.c_ulong(dock.winId()))  # Qt's own lower() keeps it above its parent
x.XSync(display, 0)
look()
bring_to_front(floating(window))
look()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="has an X server of its own")
def test_a_dock_behind_its_window_is_brought_to_the_front(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(virtual_screen, "WINDOW_MANAGER", "true")  # nobody orders the windows
    with virtual_screen.virtual_screen() as display:
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={
                **virtual_screen.environment(display),
                "PYTHONPATH": str(Path(__file__).parents[2]),
                "QT_SCALE_FACTOR": "1",
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    assert done.stdout.split() == ["#000080", "#00c000"]
