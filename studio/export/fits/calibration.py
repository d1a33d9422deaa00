"""Camera and light of a fit as JSON files that the studio itself, and others, read back."""

from __future__ import annotations

import json
from pathlib import Path

from studio.document.photo_camera import PhotoCamera
from studio.fitting.state import FitState
from studio.render.camera_file import write_camera
from studio.render.pinhole import UPRIGHT, PinholeCamera
from studio.render.shot import LARGEST
from studio.storage.atomic import write_atomically

FAR = 100.0  # metres from which an orthographic camera is shown as a pinhole: 1 in 1000 over a head


def pinhole_of(camera: PhotoCamera) -> PinholeCamera:
    """The calibrated camera that sees what ``camera`` does; an orthographic one from far away.

    One of a photo larger than a picture may be here is that of the photo reduced.
    """
    largest = max(camera.size)
    if largest > LARGEST:
        factor = LARGEST / largest
        sides = (max(int(side * factor), 1) for side in camera.size)
        camera = camera.cropped(0.0, 0.0, factor, *sides)
    x, y, z = camera.place
    focal = camera.focal
    if camera.projection == "orthographic":
        z, focal = -FAR, camera.scale * FAR
    return PinholeCamera(
        focal,
        focal,
        camera.cx,
        camera.cy,
        camera.width,
        camera.height,
        UPRIGHT,
        (x, -y, -z),
        name="photo",
    )


def write_photo_camera(path: Path, camera: PhotoCamera) -> None:
    """Write ``camera`` as JSON that ``normals --camera`` and other programs read.

    Raises:
        StudioError: it cannot be written.

    """
    write_camera(path, pinhole_of(camera))


def write_light(path: Path, state: FitState) -> None:
    """Write the light as nine coefficients of each colour that ``--environment`` reads.

    Raises:
        StudioError: it cannot be written.

    """
    content = {
        "coefficients": [[float(f"{value:.8g}") for value in row] for row in state.light],
        "order": "1, x, y, z, xy, xz, yz, x² - y², 3z² - 1, as DECA has them; red, green, blue each",
        "axes": "+X to the right of the photo, +Y up, +Z towards the camera",
        "colours": "linear light; times the linear albedo they are the photo's",
    }
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    write_atomically(path, lambda stream: stream.write(text.encode()))
