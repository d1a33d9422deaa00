"""Animated heads as binary glTF 2.0 files, which other programs open."""
