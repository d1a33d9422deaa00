"""Bake the open head: ``python -m tools.bake_open_head [--out FOLDER]``."""

from __future__ import annotations

import argparse
from pathlib import Path

from .albedo import paint_albedo, save_albedo
from .bake import arrays_of, bake
from .source import data_folder
from .texture import SIDE, bake_texture
from .write import write_npz

SHIPPED = Path(__file__).resolve().parents[2] / "studio/flame/data"


def main() -> None:
    """Write `open_head.npz`, `open_head.jpg` and `open_head_texture.npz`."""
    parser = argparse.ArgumentParser(prog="python -m tools.bake_open_head", description=__doc__)
    parser.add_argument(
        "--out", type=Path, default=SHIPPED, help="folder to write to (default: what the studio ships)"
    )
    parser.add_argument("--size", type=int, default=2048, help="pixels on a side of the albedo map")
    parser.add_argument("--plain", action="store_true", help="without what is mended, for comparison")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    folder = data_folder()
    head = bake(folder, options.plain)
    arrays, properties = arrays_of(head)
    write_npz(options.out / "open_head.npz", arrays, properties)
    albedo = paint_albedo(folder, head, options.size)
    save_albedo(albedo, options.out / "open_head.jpg")
    names = ["open_head.npz", "open_head.jpg"]
    if len(albedo) == SIDE and not options.plain:
        bake_texture(folder, head, albedo, options.out / "open_head_texture.npz")
        names.append("open_head_texture.npz")
    for name in names:
        print(f"{options.out / name}: {(options.out / name).stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
