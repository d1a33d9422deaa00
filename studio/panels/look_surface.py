"""The groups of the Look panel that say what the surface is: shading, matcap, gloss, eyes."""

from __future__ import annotations

from studio.document.look import MATCAPS, MODES, Finish, Look
from studio.panels.look_pictures import add_picture
from studio.panels.look_section import LookSection
from studio.panels.words import MODE_TITLES, sentence
from studio.widgets.slider_scale import SliderScale

_FINISH = Finish()
_GLOSS = SliderScale("Gloss", 0.0, 2.0, _FINISH.gloss, hard_high=10.0, tip="How much of a lamp is mirrored")
_ROUGHNESS = SliderScale(
    "Roughness", 0.0, 1.0, _FINISH.roughness, tip="From small sharp highlights to wide soft ones"
)
_CATCH = SliderScale(
    "Catch-light",
    0.0,
    2.0,
    _FINISH.catch,
    hard_high=10.0,
    tip="How bright eyes mirror the lamps",
)


def fill_surface(section: LookSection) -> None:
    """Shading and what belongs to it."""
    section.add_choice("mode", "Shading", "Shading", {mode: MODE_TITLES[mode] for mode in MODES})
    section.add_choice(
        "finish.matcap",
        "Matcap",
        "Matcap",
        {name: sentence(name) if name != "picture" else "Own picture" for name in MATCAPS},
        when=_is_matcap,
    )
    add_picture(
        section,
        "finish.matcap_picture",
        "a picture of a lit ball",
        "Matcap picture",
        when=lambda look: _is_matcap(look) and look.finish.matcap == "picture",
    )
    section.add_colour("clay", "Clay colour", "Clay colour")
    section.add_slider("finish.gloss", "Gloss", _GLOSS, when=lambda look: look.is_lit)
    section.add_slider("finish.roughness", "Roughness", _ROUGHNESS, when=lambda look: look.is_lit)
    section.add_check("subdivide", "Smooth surface", "Draw a finer surface than the model's own")
    section.add_reset("Reset surface", "mode", "clay", "subdivide", "finish.gloss", "finish.roughness")


def fill_eyes(section: LookSection) -> None:
    """What eyes mirror."""
    section.add_slider("finish.catch", "Catch-light", _CATCH)


def _is_matcap(look: Look) -> bool:
    return look.mode == "matcap"
