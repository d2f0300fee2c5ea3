"""The command: train one network on real data, draw its curve, write its result."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ..training.checkpoint import CheckpointError
from . import characters, diabetes, digits
from .result import AbsentError, Result

RUNS: dict[str, Callable[[Path, int | None, Callable[[int, float], None]], Result]] = {
    "diabetes": diabetes.run,
    "digits-mlp": digits.run_mlp,
    "digits-conv": digits.run_conv_net,
    "gpt": characters.run,
}
SAID_EVERY = 100  # steps


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the run is done, 2 when it cannot be."""
    parser = argparse.ArgumentParser(prog="python -m manual_bp.train", description=__doc__)
    parser.add_argument("name", choices=RUNS, help="what to train")
    parser.add_argument("--steps", type=_steps, help="fewer or more than usual")
    parser.add_argument("--out", type=Path, help="folder of the result; default: train-NAME")
    asked = parser.parse_args(arguments)
    folder = asked.out or Path(f"train-{asked.name}")

    def progress(step: int, cost: float) -> None:
        if step % SAID_EVERY == 0:
            print(f"step {step:5}  cost {cost:.4f}", flush=True)

    try:
        folder.mkdir(parents=True, exist_ok=True)
        result = RUNS[asked.name](folder, asked.steps, progress)
        curve = result.write(folder)
    except (AbsentError, CheckpointError, OSError) as error:
        print(f"manual_bp.train: {error}", file=sys.stderr)
        return 2
    print(curve)
    print(result.sentence)
    return 0


def _steps(text: str) -> int:
    steps = int(text)
    if steps < 1:
        raise argparse.ArgumentTypeError(f"steps must be at least 1, but it is {steps}")
    return steps


if __name__ == "__main__":
    sys.exit(main())
