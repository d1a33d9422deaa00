"""What is behind the head, as colours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.document.look import Look

Array = NDArray[np.float32]

BACKGROUND_TOP, BACKGROUND_BOTTOM = 1.13, 0.87  # the soft backdrop's gradient about its colour


def background_at(look: Look, heights: NDArray) -> Array:
    """SRGB colours (N, 3) of the background at ``heights`` (N,), 0 at the bottom and 1 at the top."""
    shade = BACKGROUND_BOTTOM + (BACKGROUND_TOP - BACKGROUND_BOTTOM) * heights
    return np.clip(shade[:, None] * np.array(look.background), 0.0, 1.0).astype(np.float32)
