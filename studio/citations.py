"""What the studio stands on: the papers behind its parts, and the licence of all it ships or loads.

The About window, the README and ``CITATION.cff`` all tell what is written here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Paper:
    """A paper behind one part of the studio."""

    part: str  # "Head model"
    title: str  # without BibTeX's braces
    bibtex: str


@dataclass(frozen=True)
class Licence:
    """Under what terms something shipped or loaded comes."""

    name: str  # "Open head"
    licence: str
    where: str  # in the checkout, or who gives it


PAPERS = (
    Paper(
        "Head model",
        "Learning a model of facial shape and expression from 4D scans",
        """\
@article{FLAME:SiggraphAsia2017,
  title = {Learning a model of facial shape and expression from {4D} scans},
  author = {Li, Tianye and Bolkart, Timo and Black, Michael J. and Li, Hao and Romero, Javier},
  journal = {ACM Transactions on Graphics (Proc. SIGGRAPH Asia)},
  volume = {36},
  number = {6},
  pages = {194:1--194:17},
  year = {2017},
  doi = {10.1145/3130800.3130813}
}""",
    ),
    Paper(
        "Joints and skinning",
        "SMPL: A Skinned Multi-Person Linear Model",
        """\
@article{SMPL:SiggraphAsia2015,
  title = {{SMPL}: A Skinned Multi-Person Linear Model},
  author = {Loper, Matthew and Mahmood, Naureen and Romero, Javier and Pons-Moll, Gerard
            and Black, Michael J.},
  journal = {ACM Transactions on Graphics (Proc. SIGGRAPH Asia)},
  volume = {34},
  number = {6},
  pages = {248:1--248:16},
  year = {2015},
  doi = {10.1145/2816795.2818013}
}""",
    ),
    Paper(
        "Landmark embedding",
        "Learning to Regress 3D Face Shape and Expression from an Image without 3D Supervision",
        """\
@inproceedings{RingNet:CVPR:2019,
  title = {Learning to Regress {3D} Face Shape and Expression from an Image without {3D} Supervision},
  author = {Sanyal, Soubhik and Bolkart, Timo and Feng, Haiwen and Black, Michael J.},
  booktitle = {Proceedings of the IEEE Conference on Computer Vision and Pattern Recognition (CVPR)},
  pages = {7763--7772},
  year = {2019}
}""",
    ),
    Paper(
        "Open head",
        "Human Mesh Modeling for Anny Body",
        """\
@inproceedings{Anny:ECCV2026,
  title = {Human Mesh Modeling for {Anny} {Body}},
  author = {Br{\\'e}gier, Romain and Fiche, Gu{\\'e}nol{\\'e} and Bravo-S{\\'a}nchez, Laura and Lucas, Thomas
            and Armando, Matthieu and Weinzaepfel, Philippe and Rogez, Gr{\\'e}gory and Baradel, Fabien},
  booktitle = {Computer Vision -- ECCV 2026},
  pages = {170--188},
  year = {2026},
  note = {arXiv:2511.03589}
}""",
    ),
    Paper(
        "Smoothing of what moves",
        "1€ Filter: A Simple Speed-based Low-pass Filter for Noisy Input in Interactive Systems",
        """\
@inproceedings{OneEuro:CHI2012,
  title = {1€ Filter: A Simple Speed-based Low-pass Filter for Noisy Input in Interactive Systems},
  author = {Casiez, G{\\'e}ry and Roussel, Nicolas and Vogel, Daniel},
  booktitle = {Proceedings of the SIGCHI Conference on Human Factors in Computing Systems (CHI)},
  pages = {2527--2530},
  year = {2012},
  doi = {10.1145/2207676.2208639}
}""",
    ),
    Paper(
        "Smooth surface on the screen",
        "Smooth Subdivision Surfaces Based on Triangles",
        """\
@mastersthesis{Loop:1987,
  title = {Smooth Subdivision Surfaces Based on Triangles},
  author = {Loop, Charles},
  school = {University of Utah},
  year = {1987}
}""",
    ),
)

LICENCES = (
    Licence("FLAME Studio, its icons and example clips", "MIT", "LICENSE"),
    Licence(
        "Open head and its texture",
        "CC0 1.0: MakeHuman community; face units by Mika Suominen; packaged by NAVER LABS Europe",
        "studio/flame/data",
    ),
    Licence(
        "FLAME 2017, 2019, 2020 and 2023",
        "FLAME model licence: non-commercial research",
        "not shipped; MPI-IS",
    ),
    Licence("FLAME 2023 Open", "CC BY 4.0", "not shipped; MPI-IS"),
    Licence(
        "Landmark embeddings for FLAME",
        "MIT by RingNet's licence file; its README asks for non-commercial research use",
        "not shipped; RingNet",
    ),
    Licence("PySide6 and Qt", "LGPL-3.0", "Python package"),
    Licence("vispy, PyTorch, NumPy, SciPy, psygnal, threadpoolctl", "BSD-3-Clause", "Python packages"),
    Licence("MLX, pyqtgraph, platformdirs, trimesh, rich, tomli-w", "MIT", "Python packages"),
    Licence("usd-core, where it is installed for USD files", "TOST-1.0", "Python package"),
    Licence("numba, imageio", "BSD-2-Clause", "Python packages"),
    Licence("imageio-ffmpeg", "BSD-2-Clause; the ffmpeg program it brings is GPL", "Python package"),
    Licence(
        "soundfile, with libsndfile", "BSD-3-Clause; libsndfile and mpg123 are LGPL-2.1", "Python package"
    ),
    Licence("sounddevice and PortAudio", "MIT", "Python package"),
    Licence("soxr", "LGPL-2.1", "Python package"),
    Licence(
        "MediaPipe, for webcams and films",
        "Apache-2.0",
        "optional Python package; its face landmarker is not shipped; Google",
    ),
    Licence(
        "opencv-python-headless, with its face cascade",
        "Apache-2.0; the cascade has the Intel licence of OpenCV",
        "Python package",
    ),
    Licence("Pillow", "MIT-CMU", "Python package"),
    Licence("safetensors", "Apache-2.0", "Python package"),
)
