"""`within` and `differs_at` are the only comparisons with a tolerance: read off the syntax tree of `gradcheck`.

`error <= tolerance` is true of no NaN and `error > tolerance` is not either, so whoever writes the comparison anew may
let NaN pass. What counts as a tolerance here is a float that is written into a comparison, or a constant of a module
that is made of floats. Counts (whole numbers) and times (constants whose unit is the second, or a share of the time)
are compared as they are: neither is ever NaN. So are draws of a random number, and what the user wrote into a `Case`.
"""

import ast
from pathlib import PurePosixPath
from types import MappingProxyType

import pytest

from .documents import ROOT

PACKAGE = ROOT / "gradcheck"
ORDERED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
CLOSE = {"allclose", "isclose", "assert_allclose", "approx"}
# Whether two arrays are the very same, NaN at the same places: nothing is tolerated there.
IDENTITY = {("numerics/blocks.py", "same"), ("protocol/private.py", "_same_entries")}
# No error is compared: the accuracy that a user promises is below the largest that may be promised.
ASKED = {"protocol/case.py"}
PLAIN = (0.0, 1.0)


def sources():
    """Every file but the examples of explanations, which are shown as their reader would write them."""
    return [path for path in sorted(PACKAGE.rglob("*.py")) if "explanations" not in path.parts]


def has_floats(node):
    return any(isinstance(part, ast.Constant) and isinstance(part.value, float) for part in ast.walk(node))


def constants(text):
    """The names that a module gives to floats, without those that are times."""
    body = ast.parse(text).body
    found = set()
    for statement, below in zip(body, [*body[1:], None], strict=True):
        if isinstance(statement, ast.Assign) and has_floats(statement.value):
            said = below.value.value if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) else ""
            if not str(said).startswith(("Seconds", "Of the time", "Times the seconds")):
                names = (node for node in ast.walk(statement.targets[0]) if isinstance(node, ast.Name))
                found |= {node.id for node in names if node.id.isupper()}
    return found


def violations(text, known=MappingProxyType({}), file=""):
    """What is wrong with a source, one sentence each; ``known`` are the names of tolerances by file."""
    tree = ast.parse(text)
    names = {*constants(text)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            there = known.get(source_of(node, file), set())
            names |= {alias.asname or alias.name for alias in node.names if alias.name in there}
    found = []
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and (file, function.name) in IDENTITY:
            function.body = []
    for node in ast.walk(tree):
        where = f"{file}:{getattr(node, 'lineno', 0)}"
        if called(node) in CLOSE:
            found.append(f"{where}: ask `within`, not {ast.unparse(node)}")
        elif isinstance(node, ast.keyword) and node.arg == "equal_nan":
            found.append(f"{where}: equal_nan lets NaN pass; ask `numerics.blocks.same`")
        elif isinstance(node, ast.Compare) and any(isinstance(op, ORDERED) for op in node.ops) and file not in ASKED:
            found += [f"{where}: {said} in `{ast.unparse(node)}`; ask `within`" for said in compared(node, names)]
    return found


def called(node):
    """The last part of a name; None of anything else."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)


def source_of(node, file):
    """The file of the package that a name is imported from, as far as that can be one."""
    above = PurePosixPath(file).parent.parts
    start = above[: len(above) - node.level + 1] if node.level else ()
    parts = (node.module or "").split(".")[0 if node.level else 1 :]
    return f"{PurePosixPath(*start, *parts)}.py"


def compared(node, names):
    """The tolerances of a comparison; none where it is one of a time or of a random number."""
    calls = {part.func.attr for part in ast.walk(node) if isinstance(part, ast.Call) and hasattr(part.func, "attr")}
    if calls & {"monotonic", "random"}:
        return
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, float) and part.value not in PLAIN:
            yield f"the number {part.value:g}"
        elif called(part) in names:
            yield f"the limit {ast.unparse(part)}"


def test_within_is_the_only_comparison():
    texts = {path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8") for path in sources()}
    known = {file: constants(text) for file, text in texts.items()}
    assert [sentence for file, text in texts.items() for sentence in violations(text, known, file)] == []


@pytest.mark.parametrize(
    "line",
    [
        "ok = error <= 1e-6",
        "ok = not error > 1e-6",
        "ok = error <= SLACK * size",
        "ok = -SLACK < error < SLACK",
        "ok = error < limits.SLACK",
        "ok = np.allclose(a, b)",
        "ok = math.isclose(a, b)",
        "ok = np.array_equal(a, b, equal_nan=True)",
    ],
)
def test_a_comparison_of_its_own_is_found(line):
    assert len({said.split(";")[0] for said in violations(f"SLACK = 2.0**-12\n{line}\n")}) == 1


@pytest.mark.parametrize(
    "line",
    [
        "ok = within(error, SLACK * size)",
        "ok = bool(within(np.abs(a - b), 1e-6 * np.abs(b)).all())",
        "ok = differs_at(a, b, SLACK) is None",
        "late = time.monotonic() > start + SLACK",
        "some = rng.random(3) < 0.3",
        "positive = size > 0.0",
        "few = len(seen) < 12",
        "ordinary = scale in (1.0, 0.25)",
        "same = np.array_equal(a, b)",
    ],
)
def test_what_compares_no_error_passes(line):
    assert violations(f"SLACK = 2.0**-12\n{line}\n") == []


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("numerics/doubts/saw.py", "from ..limits import SLACK"),
        ("numerics/saw.py", "from .limits import SLACK"),
        ("laws/deeper/gc301.py", "from gradcheck.numerics.limits import SLACK"),
    ],
)
def test_a_limit_is_known_wherever_it_is_imported(file, line):
    known = {"numerics/limits.py": {"SLACK"}, "workers/limits.py": {"SETTLED"}}
    assert len(violations(f"{line}\nok = error <= SLACK\n", known, file)) == 1
    assert not violations("from .limits import SLACK\nok = error <= SLACK\n", known, "workers/executor.py")


def test_identity_is_let_pass_where_it_stands_only():
    text = "def same(a, b):\n    return np.array_equal(a, b, equal_nan=True)\n"
    assert violations(text, file="numerics/blocks.py") == []
    assert len(violations(text, file="laws/gc203_repeatable.py")) == 1


def test_times_are_no_tolerances_and_say_so():
    text = 'SECONDS = 3.0\n"""Seconds after which nobody waits."""\nSLACK = 2.0\n"""Roundings."""\n'
    assert constants(text) == {"SLACK"}


def test_what_is_shown_is_one_number():
    from gradcheck.numerics.limits import SEEN
    from gradcheck.protocol.limits import LEAST_ACCURACY

    assert SEEN == LEAST_ACCURACY


def test_every_limit_has_its_reason():
    for path in sorted(PACKAGE.rglob("limits.py")):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        for statement, below in zip(body, [*body[1:], None], strict=True):
            if isinstance(statement, ast.Assign):
                said = isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
                assert said, f"{path.relative_to(ROOT)}: {ast.unparse(statement.targets[0])}"
