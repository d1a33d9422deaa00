"""The forward pass: parameters in, surface out, on PyTorch or MLX.

Importing this package imports neither library.
"""

from studio.backends.base import Backend, ContourSign, Decoder, DeviceFailed, Surface, Surfaces
from studio.backends.choice import available, create_backend, create_with_fallback, replace_failed

__all__ = [
    "Backend",
    "ContourSign",
    "Decoder",
    "DeviceFailed",
    "Surface",
    "Surfaces",
    "available",
    "create_backend",
    "create_with_fallback",
    "replace_failed",
]
