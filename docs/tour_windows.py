"""Pictures of the real window at work, for the README; ``docs.make_tour`` starts it."""

from __future__ import annotations

import io
import math
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
from PIL import Image
from PySide6.QtCore import QBuffer
from PySide6.QtWidgets import QAbstractButton, QApplication

from studio.document.commands import set_params
from studio.document.document import Document
from studio.engine import BackendChoice
from studio.flame.open_head import load_open_head
from studio.scripted_window import WindowStudio
from studio.sequence.examples import TITLES, example_path
from studio.settings import Settings
from studio.theme import apply_theme
from studio.window import StudioWindow

CLIP, MOMENT = "smile", 0.45  # the example that is shown, and how far into it
JAW = 2  # joint
PATIENCE = 60.0  # seconds until something that does not come is given up
PICTURE_WIDTH = 1400  # pixels


def main(folder: Path) -> None:
    """Open the window, work in it as a person would, and picture it on the way."""
    application = QApplication(sys.argv[:1])
    application.setOrganizationName("FLAME Studio tour")
    apply_theme(application, "dark")
    window = StudioWindow(Document(load_open_head()), BackendChoice(), Settings())
    window.show()
    window.start()
    wait_for(lambda: window.result is not None)
    turn_camera(window, degrees=18.0)
    show_clip(window)
    save(window, folder / "window.jpg")
    window.history.stack.undo()
    window.workspace.docks["Pose"].raise_()
    pose(window)
    turn_camera(window, degrees=40.0)
    window.document.set(tools=window.document.tools.replace(tool="pose", joint=JAW))
    save(window, folder / "pose.jpg")
    window.history.stack.undo()
    window.document.set(tools=window.document.tools.replace(tool="orbit", joint=None))
    window.workspace.docks["Face"].raise_()
    turn_camera(window, degrees=18.0)
    with tempfile.TemporaryDirectory() as sounds:
        walk(window, Path(sounds, "voice.wav"))
        save(window, folder / "timeline.jpg")
        buttons = window.workspace.timeline.findChildren(QAbstractButton)
        next(button for button in buttons if button.text() == "Curves").click()
        save(window, folder / "curves.jpg")
    window.history.stack.setClean()  # nobody is there to answer what to do with the changes
    window.close()


def show_clip(window: StudioWindow) -> None:
    """Open the example and go to where it shows most."""
    path = example_path(CLIP)
    assert path is not None
    window.files.open_example(TITLES[CLIP], path)
    wait_for(lambda: len(window.document.take.clip) > 1)
    window.document.set(position=round(MOMENT * len(window.document.take.clip)))


def walk(window: StudioWindow, sound: Path) -> None:
    """What docs/walk_through.md does, up to what is taken out."""
    tracked = example_path("tracked")
    assert tracked is not None
    studio = WindowStudio(window)
    studio.open(tracked)
    studio.operate("despike")
    studio.operate("smooth", window=9)
    smiles = ("mouthSmileLeft", "mouthSmileRight")
    for frame in (30, 90):
        studio.go_to(frame)
        studio.set_keys(*smiles)
    studio.go_to(60)
    studio.auto_key()
    studio.set_controls("Smile", **{name: studio.controls[name] + 0.8 for name in smiles})
    write_murmur(sound, seconds=len(window.document.take) / window.document.take.fps)
    studio.open(sound)
    settle()
    window.notices.hide()  # that there is no sound card is no part of the picture


def write_murmur(path: Path, seconds: float) -> None:
    """A sound that swells as speech does."""
    rate = 16_000
    times = np.arange(round(seconds * rate)) / rate
    swell = np.abs(np.sin(5.1 * times) * np.sin(11.3 * times + 0.4)) ** 0.7
    noise = np.random.default_rng(1).uniform(-1.0, 1.0, len(times))
    soundfile.write(path, 0.6 * swell * (np.sin(900.0 * times) + 0.4 * noise) / 1.4, rate)


def pose(window: StudioWindow) -> None:
    """The jaw open, the head turned and raised, the eyes ahead of it."""
    document = window.document
    radians = [math.radians(degrees) for degrees in (2.0, 12.0, 0.0)]
    params = document.params.replace(
        jaw_pose=(math.radians(11.0), 0.0, 0.0),
        neck_pose=(math.radians(-8.0), math.radians(16.0), math.radians(6.0)),
        eyes_pose=(*radians, *radians),
    )
    window.push(set_params(document, "Pose", params, lead="jaw_pose"))


def turn_camera(window: StudioWindow, degrees: float) -> None:
    """Look from the subject's left."""
    camera = window.document.camera.replace(azimuth=math.radians(degrees), elevation=math.radians(4.0))
    window.show_camera(camera)
    window.frame_head()


def save(window: StudioWindow, path: Path) -> None:
    """Write the window as it is once it shows the newest state."""
    wait_for(lambda: window.result is not None and window.result.params == window.document.params)
    settle()
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    window.picture().save(buffer, "PNG")
    image = Image.open(io.BytesIO(buffer.data().data())).convert("RGB")
    height = round(image.height * PICTURE_WIDTH / image.width)
    image.resize((PICTURE_WIDTH, height), Image.Resampling.LANCZOS).save(path, quality=88)


def settle(seconds: float = 0.8) -> None:
    """Let layouts and drawing come to rest."""
    end = time.monotonic() + seconds
    wait_for(lambda: time.monotonic() > end)


def wait_for(condition: Callable[[], bool]) -> None:
    """Keep the window alive until ``condition`` holds.

    Raises:
        TimeoutError: it did not within a minute.
    """
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("The window did not get where the tour wants it.")
        QApplication.processEvents()
        time.sleep(0.005)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
