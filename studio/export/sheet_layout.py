"""The page of a sheet: pictures in an even grid, with what they show beside and above them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.render.shot import LARGEST
from studio.storage.errors import StudioError

Image = NDArray[np.uint8]
Size = tuple[int, int]

PAGE, GROUND, TEXT, QUIET = (255, 255, 255), (234, 236, 239), (24, 26, 30), (96, 100, 108)  # sRGB
TEXT_SHARE = 0.058  # of a picture's height
SMALLEST_TEXT = 11  # pixels
TALLEST = 1.5  # height over width beyond which a page gets another block of rows beside the first


@dataclass(frozen=True)
class Layout:
    """Places in pixels, from the top left; blocks of rows stand side by side."""

    cell: Size
    columns: int
    rows: int  # in all
    blocks: int
    label: int  # width of the titles
    text: int  # size of the font
    has_header: bool  # captions above the columns, not below every picture

    @property
    def gap(self) -> int:
        """Between pictures."""
        return max(self.text // 2, 4)

    @property
    def margin(self) -> int:
        """Around everything, and between blocks."""
        return 2 * self.text

    @property
    def block_rows(self) -> int:
        """Rows of a block; the last one may have fewer."""
        return math.ceil(self.rows / self.blocks)

    @property
    def _block_width(self) -> int:
        return self.label + self.gap + self.columns * (self.cell[0] + self.gap) - self.gap

    @property
    def _pitch(self) -> int:
        return self.cell[1] + self.gap + (0 if self.has_header else round(1.4 * self.text))

    @property
    def _header(self) -> int:
        return 2 * self.text if self.has_header else 0

    @property
    def size(self) -> Size:
        """Of the page."""
        width = 2 * self.margin + self.blocks * (self._block_width + self.margin) - self.margin
        return width, 2 * self.margin + self._header + self.block_rows * self._pitch - self.gap

    def corner(self, row: int, column: int) -> Size:
        """Where the picture of ``row`` and ``column`` begins."""
        block, line = divmod(row, self.block_rows)
        left = self.margin + block * (self._block_width + self.margin) + self.label + self.gap
        return left + column * (self.cell[0] + self.gap), self.margin + self._header + line * self._pitch


def lay_out(titles: Sequence[str], captions: Sequence[Sequence[str]], cell: Size) -> Layout:
    """A page for rows with ``titles`` and ``captions`` (rows, columns), of pictures of the size ``cell``.

    Raises:
        StudioError: it would be larger than pictures can be.

    """
    text = max(round(TEXT_SHARE * cell[1]), SMALLEST_TEXT)
    font = _font(text)
    label = math.ceil(max(font.getlength(title) for title in titles))
    header = all(list(row) == list(captions[0]) for row in captions)
    for blocks in range(1, len(titles) + 1):
        layout = Layout(cell, len(captions[0]), len(titles), blocks, label, text, header)
        width, height = layout.size
        if height <= TALLEST * width:
            break
    if max(width, height) > LARGEST:
        raise StudioError(
            f"The sheet would be {width} x {height} pixels and can be {LARGEST} on a side; "
            "choose fewer components or smaller pictures."
        )
    return layout


def compose(
    layout: Layout,
    titles: Sequence[str],
    captions: Sequence[Sequence[str]],
    pictures: Sequence[Sequence[Image]],
) -> Image:
    """The page (H, W, 4), opaque, with ``pictures`` (h, w, 4) for every row and column."""
    from PIL import Image as Pillow
    from PIL import ImageDraw

    page = Pillow.new("RGB", layout.size, PAGE)
    draw, font = ImageDraw.Draw(page), _font(layout.text)
    width, height = layout.cell
    for row, (title, row_captions, row_pictures) in enumerate(zip(titles, captions, pictures, strict=True)):
        left, top = layout.corner(row, 0)
        draw.text((left - layout.gap - layout.text // 2, top + height // 2), title, TEXT, font, anchor="rm")
        for column, picture in enumerate(row_pictures):
            left, top = layout.corner(row, column)
            page.paste(Pillow.fromarray(_on_ground(picture)), (left, top))
            is_first = row % layout.block_rows == 0
            below = top + height + round(0.8 * layout.text)
            middle = top - layout.text if layout.has_header else below
            if is_first or not layout.has_header:
                draw.text((left + width // 2, middle), row_captions[column], QUIET, font, anchor="mm")
    pixels = np.full((layout.size[1], layout.size[0], 4), 255, np.uint8)
    pixels[..., :3] = np.asarray(page)
    return pixels


def _on_ground(picture: Image) -> Image:
    """A picture with straight alpha (h, w, 4) over the ground, (h, w, 3)."""
    alpha = picture[..., 3:].astype(np.float32) / 255.0
    return np.rint(picture[..., :3] * alpha + np.array(GROUND) * (1.0 - alpha)).astype(np.uint8)


def _font(size: int) -> Any:
    """The typeface that Pillow brings along, so that a sheet looks the same everywhere."""
    from PIL import ImageFont

    return ImageFont.load_default(size)
