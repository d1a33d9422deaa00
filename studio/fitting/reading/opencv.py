"""OpenCV, imported when first needed, without what its builds do to the windows of a program."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from studio.storage.errors import StudioError

_QT = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")  # builds with windows of their own set these


@cache
def opencv() -> Any:
    """The package cv2.

    Raises:
        StudioError: it is not installed.

    """
    before = {name: os.environ.get(name) for name in _QT}
    try:
        import cv2
    except ImportError as error:
        raise StudioError(
            "Finding faces needs the package opencv-python-headless; install it, or draw a box around "
            "the face."
        ) from error
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    return cv2
