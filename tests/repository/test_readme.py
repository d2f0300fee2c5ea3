"""Every Python example of the README runs, and prints what the README says."""

import ast
import contextlib
import io
import linecache
import re
import sys
from pathlib import Path
from types import ModuleType

from click.testing import CliRunner
from sybil import Sybil
from sybil.parsers.markdown import CodeBlockParser

from gradcheck.gate.cli import main
from gradcheck.gate.loading import load_cases
from gradcheck.mutants import OPERATORS
from gradcheck.mutants.proof import Settings, group_cases

README = Path(__file__).parents[2] / "README.md"


FILE = "mine.py"  # the file that the README tells its reader to write


def run_as_a_file(example):
    """Run a block as the continuation of the reader's file, so that reports point at its lines, and import from it."""
    namespace = example.namespace
    module = sys.modules.setdefault("mine", ModuleType("mine"))
    module.__file__ = FILE
    before = namespace.get("file", "")
    namespace["file"] = before + example.parsed
    lines = namespace["file"].splitlines(keepends=True)
    linecache.cache[FILE] = (len(namespace["file"]), None, lines, FILE)
    tree = ast.parse(namespace["file"])  # earlier imports are kept: Python compiles np.sum otherwise without them
    kept = ast.Import | ast.ImportFrom
    tree.body = [node for node in tree.body if node.lineno > before.count("\n") or isinstance(node, kept)]
    exec(compile(tree, FILE, "exec", dont_inherit=True), vars(module))


def masked(text):
    """Error bounds and floors are given to one digit, and that digit may differ between processors."""
    return re.sub(r"\de-\d\d", "*", " ".join(text.split()))


def same_output(example):
    """A text block is what the Python block above it printed."""
    assert masked(example.parsed) == masked(example.namespace["printed"])


PARSERS = [
    CodeBlockParser(language="python", evaluator=run_as_a_file),
    CodeBlockParser(language="text", evaluator=same_output),
]
DOCUMENT = Sybil(parsers=PARSERS).parse(README)
EXAMPLES = list(DOCUMENT.examples())


def test_every_example_runs_and_prints_what_is_written():
    """In order, sharing one namespace, as a reader would type them."""
    for example in EXAMPLES:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            example.evaluate()
        if out.getvalue():
            example.namespace["printed"] = out.getvalue()
    assert len(EXAMPLES) >= 8
    assert "printed" in EXAMPLES[-1].namespace


def test_the_comparison_can_fail():
    assert masked("ratio 3 ± 7e-15") == masked("ratio  3 ± 6e-14")
    assert masked("ratio 3") != masked("ratio 2")


def test_the_mend_is_what_the_command_prints(tmp_path, monkeypatch):
    """The function of the first example, in a file with its case; seconds and counts are masked."""
    text = README.read_text()
    first = text.split("```python\n")[1].split("x = np.array")[0].replace("import report_vjp", "import Case")
    shown = text.split("$ gradcheck fix mine.py::weighted_mean_square\n")[1].split("```")[0]
    (tmp_path / "mine.py").write_text(f'{first}mean = Case(weighted_mean_square, "(m,n),(n)->()")\n')
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["fix", "mine.py::weighted_mean_square", "--budget", "200"])
    assert result.exit_code == 0, result.output

    def counted(output):
        return re.sub(r"\d+ (edits tried)|in [\d.]+ s", "*", " ".join(output.split()))

    assert counted(result.output) == counted(shown)


def test_there_are_exactly_two_commands_to_set_up():
    text = README.read_text()
    blocks = [block for block in text.split("```")[1::2] if block.startswith("console")]
    setups = [line for block in blocks for line in block.splitlines() if line.startswith("$ pip install")]
    assert len(setups) == 2
    assert setups[1].removeprefix("$ ") in (README.parent / ".ci" / "run").read_text()


def test_the_proof_table_counts_the_mutants_that_there_are():
    """Their fates are what `tox -e prove` asks of a sample."""
    cases = load_cases([str(README.parent / "tests" / "cases.py")])
    groups, refused = group_cases(cases, Settings())
    mutants = {str(cases[group.indices[0]]): len(group.edits) for group in groups}
    assert not refused
    text = README.read_text()
    shown = {name: int(count) for name, count in re.findall(r"^  100%  (\S+) +(\d+) ", text, re.MULTILINE)}
    assert len(shown) >= 4
    assert shown == {name: mutants[name] for name in shown}
    assert f"{len(groups)} backwards, {sum(mutants.values())} mutants" in text
    assert f"{len(OPERATORS)} operators" in text
