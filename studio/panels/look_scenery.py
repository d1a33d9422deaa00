"""The groups of the Look panel around the head: background, overlays, caption."""

from __future__ import annotations

from studio.document.document import Document
from studio.document.look import BACKDROPS, CORNERS, FITS, Caption, Look
from studio.panels.landmark_set_box import LandmarkSetBox
from studio.panels.look_pictures import add_picture
from studio.panels.look_section import LookSection
from studio.panels.words import sentence
from studio.widgets.form_row import FormRow
from studio.widgets.slider_scale import SliderScale

_CAPTION = Caption()
_LETTERS = SliderScale(
    "Size", 1.0, 12.0, round(100 * _CAPTION.letter_height, 1), 1, "%", hard_low=0.5, hard_high=50.0
)
_KIND_TITLES = ("Soft colour", "Plain colour", "Two colours", "Picture", "Transparent")
_FIT_TITLES = ("Fill", "Fit", "Stretch")
_PLAIN = ("soft", "plain")
_HINT = "{take}, frame {frame}"


def fill_background(section: LookSection) -> None:
    """What is behind the head."""
    section.add_choice("backdrop.kind", "Kind", "Background", dict(zip(BACKDROPS, _KIND_TITLES, strict=True)))
    section.add_colour("background", "Colour", "Background", when=lambda look: _kind(look) in _PLAIN)
    section.add_colour("backdrop.top", "Top", "Background top", when=lambda look: _kind(look) == "gradient")
    section.add_colour(
        "backdrop.bottom", "Bottom", "Background bottom", when=lambda look: _kind(look) == "gradient"
    )
    add_picture(
        section,
        "backdrop.picture",
        "a background picture",
        "Background picture",
        when=lambda look: _kind(look) == "picture",
    )
    section.add_choice(
        "backdrop.fit",
        "Size",
        "Background size",
        dict(zip(FITS, _FIT_TITLES, strict=True)),
        when=lambda look: _kind(look) == "picture",
    )
    section.add_reset("Reset background", "background", "backdrop")


def _kind(look: Look) -> str:
    return look.backdrop.kind


class Overlays:
    """Landmarks, joints and lines over the head."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.landmark_set = LandmarkSetBox()

    def fill(self, section: LookSection) -> None:
        """The switches."""
        self.landmark_set.chosen.connect(lambda name: section.set_field("Landmark set", "landmark_set", name))
        section.add_check("show_landmarks", "Landmarks", "Show the landmarks")
        section.add(
            FormRow("Landmark set", self.landmark_set),
            lambda look: self.landmark_set.show_set(
                self._document.model, look.landmark_set, look.show_landmarks
            ),
        )
        numbers = section.add_check(
            "show_landmark_numbers", "Landmark numbers", "Write each landmark's number beside it"
        )
        section.add_check("show_joints", "Joints", "Show the joints")
        section.add_check("wire_over", "Wireframe", "Draw the model's edges over any shading")
        section.follow(lambda look: numbers.setEnabled(look.show_landmarks))


def fill_caption(section: LookSection) -> None:
    """Words in the picture."""
    field = section.add_text("caption.text", "Text", "Caption", _HINT)
    field.setToolTip("{take}, {frame}, {time} and {model} stand for what is shown")
    section.add_choice(
        "caption.corner", "Position", "Caption position", {corner: sentence(corner) for corner in CORNERS}
    )
    section.add_slider("caption.letter_height", "Caption size", _LETTERS, factor=100.0)
    section.add_colour("caption.colour", "Colour", "Caption colour")
    section.add_reset("Reset caption", "caption")
