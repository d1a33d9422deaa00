"""The head that the document shows, as a fit goes on from it."""

from __future__ import annotations

import numpy as np

from studio.document.document import Document
from studio.document.harmonics import COUNT
from studio.fitting.state import FitState, even_light
from studio.flame.textures import PICTURE


def present_state(document: Document) -> FitState:
    """Head, camera, light and skin of ``document``, which has a camera of its photo.

    What its translation moves goes into the camera, whose place says where the head stands.
    """
    params, reference, look = document.params, document.reference, document.look
    moved = tuple(float(a + b) for a, b in zip(reference.camera.place, params.translation, strict=True))
    numbers = look.environment.coefficients
    light = np.reshape(numbers, (COUNT, 3)) if len(numbers) == 3 * COUNT else even_light()
    return FitState(
        params.replace(translation=np.zeros(3)),
        reference.camera.replace(place=moved),
        light,
        "" if look.texture.key == PICTURE else look.texture.key,
        np.array(look.texture.coefficients, dtype=np.float64),
    )
