"""A diffusion prior of faces: what expressions, jaws and shapes are likely together.

DPoser (Lu et al., "DPoser: Diffusion Model as Robust 3D Human Pose Prior", 2023) and DPoser-X (2025), whose
checkpoints of faces are read as they are published; priors of one's own are trained on clips.
"""
