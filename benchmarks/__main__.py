"""The one command: run the parts that are named, print their tables, write JSON where it is asked for."""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from . import cost, detection, diagnosis, gpu, kernels, library, limits, made, repair, sharp, throughput, training, tree
from .table import Table

PARTS: dict[str, Callable[[bool], Iterable[Table]]] = {
    "cost": cost.run,
    "tree": tree.run,
    "sharp": sharp.run,
    "throughput": throughput.run,
    "detection": detection.run,
    "diagnosis": diagnosis.run,
    "repair": repair.run,
    "made": made.run,
    "limits": limits.run,
    "kernels": kernels.run,
    "gpu": gpu.run,
    "library": library.run,
    "training": training.run,
}
WHEN_ASKED_FOR = ("repair", "limits", "made", "kernels", "gpu", "library", "training")  # many minutes each


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the parts in order; a part is never a test, so the exit code says nothing about its numbers."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="PART",
        help=f"of {', '.join(PARTS)}; default: all but {' and '.join(WHEN_ASKED_FOR)}",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the tables to this file too")
    parser.add_argument("--small", action="store_true", help="smaller sizes and fewer repetitions, to try it out")
    asked = parser.parse_args(arguments)
    unknown = [part for part in asked.parts if part not in PARTS]
    if unknown:
        parser.error(f"no part is called {', '.join(unknown)}; the parts are {', '.join(PARTS)}")

    machine = describe_machine()
    print(", ".join(f"{name} {value}" for name, value in machine.items()))
    results: dict[str, Any] = {}
    for part in asked.parts or [part for part in PARTS if part not in WHEN_ASKED_FOR]:
        start = time.perf_counter()
        tables = []
        for table in PARTS[part](asked.small):
            print(f"\n{table}", flush=True)
            tables.append(table.to_dict())
            results[part] = {"seconds": time.perf_counter() - start, "tables": tables}
            if asked.json is not None:  # after each table: what comes later may take long
                report = {"machine": machine, "small": asked.small, "parts": results}
                asked.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def describe_machine() -> dict[str, str]:
    """What the numbers depend on besides the code."""
    found = {"python": platform.python_version(), "processor": _processor(), "cores": str(os.cpu_count())}
    for package in ("numpy", "torch", "jax", "autograd"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "absent"
    return found


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    main()
