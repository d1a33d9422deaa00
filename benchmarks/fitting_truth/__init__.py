"""Fits judged by the truth: heads of known parameters, photographed by another renderer than the fitter's."""
