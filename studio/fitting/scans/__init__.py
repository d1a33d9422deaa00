"""Heads from scans: points or triangles of any origin, with some landmarks named on them."""
