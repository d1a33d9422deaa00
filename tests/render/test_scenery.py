"""Backgrounds, captions, matcaps and lines: alike in both renderers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.document.look import CORNERS, FITS, MATCAPS, Backdrop, Caption, Finish, Look
from studio.document.media import Media
from studio.document.occasion import Occasion
from studio.render.backdrop import backdrop_picture
from studio.render.captions import caption_text, words_of
from studio.render.media_pictures import media_fault


@pytest.fixture(params=["gl_renderer", "cpu_renderer"])
def renderer(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def quarters(tmp_path):
    """A picture twice as wide as high: red and green above, blue and white below."""
    pixels = np.zeros((40, 80, 3), np.uint8)
    pixels[:20, :40], pixels[:20, 40:], pixels[20:, :40], pixels[20:] = (
        (255, 0, 0),
        (0, 255, 0),
        (0, 0, 255),
        pixels[20:],
    )
    pixels[20:, 40:] = 255
    path = tmp_path / "quarters.png"
    Image.fromarray(pixels).save(path)
    return Media(str(path))


def _opaque(shot, **look):
    return replace(shot, look=Look(**look), transparent=False)


def test_two_colours_meet_the_top_and_the_bottom(renderer, shot):
    backdrop = Backdrop("gradient", top=(1.0, 0.0, 0.0), bottom=(0.0, 0.0, 1.0))
    image = renderer.render(_opaque(shot, backdrop=backdrop))
    assert image[0, 0, :3].tolist() == pytest.approx([255, 0, 0], abs=2)
    assert image[-1, 0, :3].tolist() == pytest.approx([0, 0, 255], abs=2)


def test_a_plain_colour_is_just_that(renderer, shot):
    image = renderer.render(_opaque(shot, backdrop=Backdrop("plain"), background=(0.2, 0.4, 0.6)))
    assert (image[:, 0, :3] == np.rint(np.array([0.2, 0.4, 0.6]) * 255)).all()


def test_a_picture_fills_fits_or_stretches(renderer, shot, quarters):
    shown = {
        fit: renderer.render(_opaque(shot, backdrop=Backdrop("picture", picture=quarters, fit=fit)))
        for fit in FITS
    }
    for fit in ("fill", "stretch"):
        assert tuple(shown[fit][2, 2, :3]) == (255, 0, 0)
        assert tuple(shown[fit][2, -3, :3]) == (0, 255, 0)
        assert tuple(shown[fit][-3, 2, :3]) == (0, 0, 255)
    soft = renderer.render(_opaque(shot))
    assert (shown["fit"][2, 2] == soft[2, 2]).all()
    assert tuple(shown["fit"][45, 2, :3]) == (255, 0, 0)


def test_a_missing_picture_leaves_the_gradient_and_is_told_once_asked(renderer, shot, tmp_path):
    gone = Media(str(tmp_path / "gone.png"))
    image = renderer.render(_opaque(shot, backdrop=Backdrop("picture", picture=gone)))
    assert (image == renderer.render(_opaque(shot))).all()
    assert "gone.png" in media_fault(gone)
    assert not media_fault(Media())


def test_a_picture_that_was_replaced_is_read_again(tmp_path):
    path = tmp_path / "sky.png"
    for colour in ((10, 20, 30), (40, 50, 60)):
        Image.fromarray(np.full((8, 8, 3), colour, np.uint8)).resize((8 + colour[0], 8)).save(path)
        look = Look(backdrop=Backdrop("picture", picture=Media(str(path)), fit="stretch"))
        assert tuple(backdrop_picture(look, (16, 16))[0, 0]) == colour


def test_nothing_behind_is_a_checkerboard_on_the_screen_and_alpha_in_files(renderer, shot):
    look = Look(backdrop=Backdrop("transparent"))
    screen = renderer.render(replace(shot, look=look, transparent=False, checkered=True))
    assert len(np.unique(screen[:30, :30, 0])) == 2
    assert (screen[..., 3] == 255).all()
    file = renderer.render(replace(shot, look=look, transparent=False).with_alpha(possible=True))
    assert file[0, 0, 3] == 0
    opaque = renderer.render(replace(shot, look=look, transparent=False).with_alpha(possible=False))
    assert (opaque[..., 3] == 255).all()


@pytest.mark.parametrize("corner", CORNERS)
def test_a_caption_stands_in_its_corner(renderer, shot, corner):
    caption = Caption("Hello", corner=corner, letter_height=0.06, colour=(1.0, 0.9, 0.2))
    wanted = replace(shot, size=(320, 160))
    image = renderer.render(replace(wanted, look=Look(caption=caption)))
    rows, columns = np.nonzero((image != renderer.render(wanted)).any(axis=2))
    assert bool(rows.mean() < 80) is corner.startswith("top")
    middle = bool(80 < columns.mean() < 240)
    assert middle is ("left" not in corner and "right" not in corner)
    if not middle:
        assert bool(columns.mean() < 160) is ("left" in corner)


def test_placeholders_are_filled_in_and_braces_stay():
    caption = Caption("{take} {frame} {time} {model} {else} 100 %")
    told = caption_text(caption, Occasion("Smile", 7, 65.25), "Head")
    assert told == "Smile 7 1:05.25 Head {else} 100 %"
    assert words_of(Caption("  "), Occasion(), "", (100, 100)) is None


def test_hostile_captions_stay_small():
    text = "\n".join(["x" * 5000] * 500)
    words = words_of(Caption(text), Occasion(), "", (200, 200))
    assert words is not None
    assert words.pixels.size < 10_000_000


def test_large_letters_shrink_until_the_words_fit():
    words = words_of(Caption("\n".join(["W" * 200] * 6), letter_height=0.5), Occasion(), "", (1920, 1080))
    assert words is not None
    height, width = words.pixels.shape[:2]
    assert 0.9 * 1920 < width + 2 * words.left < 1.05 * 1920
    assert height < 1080


def test_small_words_keep_the_height_that_was_asked_for():
    one, other = (
        words_of(Caption("Hello", letter_height=0.1), Occasion(), "", size)
        for size in ((1920, 1080), (4000, 1080))
    )
    assert one is not None
    assert other is not None
    assert one.pixels.shape == other.pixels.shape


def test_a_name_that_looks_like_a_placeholder_stays_as_it_is():
    assert caption_text(Caption("{take} {frame}"), Occasion("{model}", 3), "Head") == "{model} 3"


@pytest.mark.parametrize(
    "path", [r"\\stranger\share\sky.png", "//stranger/share/sky.png", r"/\stranger\s.png"]
)
def test_a_picture_on_another_computer_is_not_asked_for(monkeypatch, path):
    asked = []
    monkeypatch.setattr(Path, "stat", lambda self, **_: asked.append(self))
    assert "another computer" in media_fault(Media(path))
    assert backdrop_picture(Look(backdrop=Backdrop("picture", picture=Media(path))), (4, 4)) is None
    assert not asked


@pytest.mark.parametrize(
    "look",
    [
        *[Look(mode="matcap", finish=Finish(matcap=name)) for name in MATCAPS],
        Look(backdrop=Backdrop("transparent")),
        Look(backdrop=Backdrop("gradient")),
        Look(caption=Caption("{take} {frame}\n{model}", letter_height=0.07)),
        Look(finish=Finish(gloss=2.0, roughness=0.0)),
    ],
    ids=lambda look: f"{look.mode}-{look.finish.matcap}-{look.backdrop.kind}",
)
def test_gpu_and_processor_draw_alike(gl_renderer, cpu_renderer, shot, look):
    wanted = replace(shot, look=look, samples=9, transparent=False, checkered=True)
    difference = np.abs(gl_renderer.render(wanted).astype(int) - cpu_renderer.render(wanted))
    assert difference.mean() < 0.5
    assert (difference.max(axis=2) > 16).mean() < 0.002


def test_lines_lie_over_any_shading(renderer, shot):
    plain = renderer.render(shot).astype(int)
    lined = renderer.render(replace(shot, look=Look(wire_over=True))).astype(int)
    assert (plain - lined)[60:100, 60:100, :3].max() > 20
    assert (lined[..., 3] == plain[..., 3]).mean() > 0.99


def test_a_picture_of_a_ball_is_a_matcap(renderer, shot, tmp_path):
    steps = np.linspace(-1, 1, 64)
    ball = np.zeros((64, 64, 3), np.uint8)
    ball[..., 0], ball[..., 1] = 255 * (steps[None] > 0), 255 * (steps[:, None] < 0)
    Image.fromarray(ball).save(tmp_path / "ball.png")
    finish = Finish(matcap="picture", matcap_picture=Media(str(tmp_path / "ball.png")))
    image = renderer.render(replace(shot, look=Look(mode="matcap", finish=finish)))
    assert image[60:90, 100:108, 0].mean() > 200 > 60 > image[60:90, 52:60, 0].mean()
    assert image[30:36, 75:85, 1].mean() > 200
