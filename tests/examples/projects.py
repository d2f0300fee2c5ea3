"""The four projects of `examples/`: each console block of a README is run in a copy of its folder.

``python -m tests.examples.projects`` writes what they print now into the READMEs.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

from tests.command import GRADCHECK, finished
from tests.repository.documents import ROOT, masked

FOLDER = ROOT / "examples"
PROJECTS = {"torch_function": "torch", "jax_custom_vjp": "jax", "coursework": None, "boosting": None}
"""By folder: the framework without which it does not run."""
_BLOCK = re.compile(r"^```console\n(\$ gradcheck (.*)\n(?:.*\n)*?)```$", re.MULTILINE)


def printed(name: str) -> list[tuple[re.Match[str], str, int]]:
    """Each block of a README, what its command prints now, and its exit code."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(FOLDER / name, Path(folder) / name, ignore=shutil.ignore_patterns("__pycache__"))
        for block in _BLOCK.finditer((FOLDER / name / "README.md").read_text()):
            done = finished(copy, [*GRADCHECK, *block[2].split()], timeout=None)
            found.append((block, f"$ gradcheck {block[2]}\n{done.stdout}{done.stderr}", done.returncode))
    return found


def alike(text: str) -> str:
    """Without what differs from one machine to the next: also the seconds of a row, and tokens."""
    text = re.sub(r"(replay \w{8})\S*", r"\1", text)
    return masked(re.sub(r" +\d+\.\d\d$", "", text, flags=re.MULTILINE))


def rewrite(name: str) -> None:
    """Put what is printed now into a README."""
    path = FOLDER / name / "README.md"
    text = path.read_text()
    for block, output, _ in reversed(printed(name)):
        text = f"{text[: block.start()]}```console\n{output.rstrip()}\n```{text[block.end() :]}"
    path.write_text(text)


if __name__ == "__main__":
    for project in sys.argv[1:] or PROJECTS:
        rewrite(project)
