"""Every number that a module of `gradcheck` names stands in the `limits.py` of its package, with unit and reason.

Apart from those that no measurement could move: what a number is by a format or a formula, and the words of a
vocabulary (the factors that a hypothesis tries, the costs in its table).
"""

import ast
from types import MappingProxyType

import pytest

from .documents import ROOT

PACKAGE = ROOT / "gradcheck"
PLAIN = (0, 1, 2)  # -1 is 1 with a sign
TABLES = {"diagnosis/costs.py"}  # how far-fetched each cause is, with how to set a new one
ELSEWHERE = MappingProxyType(
    {
        ("numerics/noise.py", "_MANTISSA"): "format: bits of a float64",
        ("numerics/probe.py", "_FINE"): "format: a random byte as a fraction",
        ("numerics/tangent.py", "_FINE"): "format: a random byte as a fraction",
        ("protocol/domain.py", "_MOST"): "format: the range of int64",
        ("protocol/generators.py", "_WORDS"): "format: words of the state of a Mersenne Twister",
        ("protocol/generators.py", "_MERSENNE"): "format: bytes of that state",
        ("origin/guarded.py", "_MADE_WHILE_RUNNING"): "format: a flag of a type",
        ("workers/preloaded.py", "_SET_CHILD_SUBREAPER"): "format: the number of a request to Linux",
        ("workers/worker.py", "DESCRIPTORS"): "format: how many descriptors a worker is given",
        ("diagnosis/hypotheses/precision.py", "NARROW"): "format: spacings of the narrow floats",
        ("origin/units.py", "_RESUMED"): "format: flags of a code object",
        ("explanations/explanation.py", "_FOLDERS"): "format: letters of a code",
        ("numerics/digits.py", "_UNIFORM"): "formula: a spacing over the deviation of a rounding",
        ("numerics/fit.py", "_STAYS"): "formula: half way between two scales",
        ("numerics/projection.py", "_ORDER"): "formula: where truncation meets rounding",
        ("generation/borders.py", "_DIFFERENCES"): "formula: the weights of a difference",
        ("laws/asking.py", "_MIX"): "formula: SplitMix64",
        ("diagnosis/known/forms.py", "CUBE"): "formula: x**3",
        ("diagnosis/known/forms.py", "ONE_MINUS_CUBE"): "formula: 1 - x**3",
        ("diagnosis/known/written.py", "_OF_RESIDUALS"): "vocabulary: what is made of a residual",
        ("diagnosis/hypotheses/_ratios.py", "_CONSTANTS"): "vocabulary: factors of a wrong gradient",
        ("diagnosis/hypotheses/factors.py", "_NUMBERS"): "vocabulary: factors of a wrong gradient",
        ("diagnosis/hypotheses/terms.py", "_NUMBERS"): "vocabulary: factors of a term",
        ("diagnosis/hypotheses/cotangents.py", "_POWERS"): "vocabulary: powers of a cotangent",
        ("diagnosis/sizes.py", "_OF_SIZES"): "vocabulary: what is made of a size",
        ("mutants/operators/reductions.py", "_OTHER_AXIS"): "vocabulary: which axis is taken for which",
        ("mends/candidates.py", "_COSTS"): "vocabulary: costs of an edit",
    }
)


def numbers(node):
    """The numbers other than 0, 1, 2 and -1 below a node."""
    for part in ast.walk(node):
        value = part.value if isinstance(part, ast.Constant) and not isinstance(part.value, bool) else None
        if isinstance(value, int | float | complex) and value not in PLAIN:
            yield value


def named(text):
    """The names that a module gives to numbers, without those that only count themselves (``A, B, C = range(3)``)."""
    for statement in ast.parse(text).body:
        if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        names = [node.id for node in ast.walk(targets[0]) if isinstance(node, ast.Name)]
        if any(numbers(statement.value)) and ast.unparse(statement.value) != f"range({len(names)})":
            yield from names


def strays(text, file):
    return [name for name in named(text) if (file, name) not in ELSEWHERE]


def test_numbers_stand_in_the_limits_of_their_package():
    found = {}
    for path in PACKAGE.rglob("*.py"):
        file = path.relative_to(PACKAGE).as_posix()
        if path.name not in ("limits.py", "examples.py") and file not in TABLES:
            found[file] = strays(path.read_text(encoding="utf-8"), file)
    assert {file: names for file, names in found.items() if names} == {}


@pytest.mark.parametrize("line", ["_SLACK = 1e-6", "TRIES: int = 3", "_A, _B = 0, 3", "STEPS = tuple(range(4))"])
def test_one_that_stands_elsewhere_is_found(line):
    assert strays(f"{line}\n", "numerics/line.py")


@pytest.mark.parametrize("line", ["FIRST, SECOND, THIRD = range(3)", "SIGN = -1", "def f(): return 3", "HALF = 1 / 2"])
def test_what_is_no_limit_passes(line):
    assert not strays(f"{line}\n", "numerics/line.py")


def test_each_exception_is_still_there():
    for file, name in ELSEWHERE:
        assert name in named((PACKAGE / file).read_text(encoding="utf-8")), (file, name)


def test_no_limit_is_named_twice():
    """The second would count for those that mean the first."""
    for file in sorted(PACKAGE.rglob("limits.py")):
        names = [name for statement in ast.parse(file.read_text()).body for name in assigned(statement)]
        assert len(names) == len(set(names)), file
    assert list(assigned(ast.parse("A, B = 3.0, 4.0").body[0])) == ["A", "B"]


def assigned(statement):
    """The names that a statement gives to values."""
    for target in statement.targets if isinstance(statement, ast.Assign) else []:
        yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name))
