"""Send a clip to a port in the layout of Live Link Face: ``python -m tools.send_live CLIP``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from studio.controls.named_controls import control_set
from studio.flame.files import load_model
from studio.live.sender import packets, send
from studio.live.settings import PORT
from studio.sequence.stream import open_clip
from studio.storage.errors import StudioError


def main(arguments: list[str] | None = None) -> int:
    """Read the clip, tell its units by the model's controls, and send them at its rate."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.send_live", description="Send a clip in the layout of Live Link Face."
    )
    parser.add_argument("clip", type=Path, help="a clip that the studio reads")
    parser.add_argument("--model", help="the head model that it was made on; default: as the studio takes it")
    parser.add_argument("--host", default="127.0.0.1", help="default: this machine")
    parser.add_argument("--port", type=int, default=PORT, help=f"default: {PORT}")
    parser.add_argument("--loop", action="store_true", help="begin anew at the end, until Ctrl+C")
    options = parser.parse_args(arguments)
    try:
        model = load_model(options.model)
        with open_clip(options.clip, model) as clip:
            made = list(packets(control_set(model), clip, clip.fps, options.clip.stem))
            rate = clip.fps
        sent = send(made, rate, (options.host, options.port), options.loop)
    except (StudioError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    print(f"{sent} packets were sent to {options.host}, port {options.port}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
