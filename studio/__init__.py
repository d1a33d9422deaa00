"""FLAME Studio: pose, animate, fit and picture the FLAME head model."""

__version__ = "0.1.0"
