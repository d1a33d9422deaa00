"""Fits by following the gradient: of landmarks, of the covered pixels of photos, and of priors.

One rasterizer call tells which face each pixel shows; everything that is differentiated happens on the
covered pixels alone, in the array library of the backend. Arrays lie with their channels first.
"""
