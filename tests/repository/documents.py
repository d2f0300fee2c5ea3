"""The examples of README and docs: run in order, each document as one file `mine.py` that its reader types.

A ``text`` block is what the Python block above it printed; a ``console`` block with a `gradcheck` command on `mine.py`
and lines below it is what the command prints. A ``c`` block is the file that the comment of its first line names, and
`$ cc` compiles it. A document has a folder of its own, where what one of its commands writes the next one finds.
``python -m tests.repository.documents`` writes what they print now into the documents.
"""

from __future__ import annotations

import ast
import contextlib
import io
import linecache
import re
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from click.testing import CliRunner
from sybil import Sybil
from sybil.parsers.markdown import CodeBlockParser

from gradcheck.gate.cli import main as command

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FILE = "mine.py"
_LANGUAGES = ("python", "text", "console", "c")


@dataclass
class Shown:
    """A block of output: where it stands in the document, what it says, and what was printed."""

    start: int
    end: int
    language: str
    written: str
    printed: str


@dataclass
class Reader:
    """Somebody who types what a document shows."""

    typed: str = ""
    printed: str = ""
    module: ModuleType = field(default_factory=lambda: ModuleType("mine"))

    def type(self, code: str) -> None:
        """Run a block as the continuation of the file, so that reports point at its lines, and import from it."""
        sys.modules["mine"] = self.module
        self.module.__file__ = FILE
        before, self.typed = self.typed, self.typed + code
        linecache.cache[FILE] = (len(self.typed), None, self.typed.splitlines(keepends=True), FILE)
        tree = ast.parse(self.typed)
        kept = ast.Import | ast.ImportFrom  # Python compiles np.sum otherwise without the import
        tree.body = [node for node in tree.body if node.lineno > before.count("\n") or isinstance(node, kept)]
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(tree, FILE, "exec", dont_inherit=True), vars(self.module))
        self.printed = out.getvalue() or self.printed

    def ask(self, line: str) -> str:
        """What a command prints of a file that holds the ops and cases typed so far."""
        lines = self.typed.splitlines(keepends=True)
        for node in ast.parse(self.typed).body:
            is_case = isinstance(node, ast.Assign) and "Case(" in ast.unparse(node.value)
            if not (is_case or isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef)):
                lines[node.lineno - 1 : node.end_lineno] = [""] * ((node.end_lineno or node.lineno) - node.lineno + 1)
        Path(FILE).write_text("".join(lines))
        return CliRunner().invoke(command, shlex.split(line)[1:], catch_exceptions=False).output


def shown(path: Path) -> list[Shown]:
    """Run a document; every block of output in it, beside what was printed."""
    reader = Reader()
    found: list[Shown] = []

    def evaluate(example: object) -> None:
        region = example.region  # type: ignore[attr-defined]
        parsed, language = str(example.parsed), region.lexemes["arguments"]  # type: ignore[attr-defined]
        if language == "python":
            reader.type(parsed)
        elif language == "text":
            found.append(Shown(region.start, region.end, "text", parsed, reader.printed))
        elif language == "c":
            Path(parsed.split()[1]).write_text(parsed)
        else:
            line, _, output = parsed.partition("\n")
            if line.startswith("$ cc"):
                subprocess.run(shlex.split(line)[1:], check=True)
            elif line.startswith("$ gradcheck") and FILE in line and output.strip():
                found.append(Shown(region.start, region.end, "console", parsed, f"{line}\n{reader.ask(line[2:])}"))

    parsers = [CodeBlockParser(language=language, evaluator=evaluate) for language in _LANGUAGES]
    examples = Sybil(parsers=parsers).parse(path.resolve()).examples()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for example in examples:
            example.evaluate()
    return found


def missing(path: Path) -> list[str]:
    """What the Python blocks of a document import and nobody has installed here."""
    wanted = set()
    for block in re.findall(r"^```python\n(.*?)^```", path.read_text(), re.DOTALL | re.MULTILINE):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.Import):
                wanted |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                wanted.add(node.module.partition(".")[0])
    return sorted(name for name in wanted - {"mine"} if find_spec(name) is None)


def masked(text: str) -> str:
    """Without what differs by machine or day: seconds, counts of edits, dates, replay codes, bounds and floors.

    Hypothesis draws numbers that stand in the modules around, so the largest size and value of a case differ too.
    """
    text = re.sub(r"\d+ edits tried|\bin [\d.]+ s|\d{4}-\d\d-\d\d|(?<=replay )\S+", "*", " ".join(text.split()))
    text = re.sub(r"(?<= to )\d+(?=;)|(?<=values up to )\S+", "*", text)
    return re.sub(r"\de-\d\d", "*", text)


def rewrite(path: Path) -> bool:
    """Put what is printed now into a document; whether anything had to be changed."""
    text = path.read_text()
    changed = False
    for block in reversed(shown(path)):
        if masked(block.written) != masked(block.printed):
            text = f"{text[: block.start]}```{block.language}\n{block.printed.rstrip()}\n```{text[block.end :]}"
            changed = True
    path.write_text(text)
    return changed


if __name__ == "__main__":
    for document in DOCUMENTS:
        if absent := missing(document):
            print(f"left out {document.relative_to(ROOT)}: there is no {', '.join(absent)}")
        else:
            print(f"{'changed' if rewrite(document) else 'same'}  {document.relative_to(ROOT)}")
