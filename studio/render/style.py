"""Sizes of what is drawn over the head, shared by both renderers."""

from __future__ import annotations

WIRE_WIDTH = 0.0011  # of a line, as a share of the picture's height; at least one sample
DPI = 96.0  # told to vispy, which else asks programs of the X server, and warns where they are missing
