"""Every law catches its planted mistake under its own code, lets the twin pass, and is what catches it."""

import ast
from dataclasses import FrozenInstanceError
from pathlib import Path

import numpy as np
import pytest

import gradcheck.laws
import gradcheck.trial
from gradcheck import Case
from gradcheck.laws import LAWS
from gradcheck.laws.learned import Learned
from gradcheck.point import judge_point
from gradcheck.report import Severity

from .planted import PLANTED, W, X, absolute, offering, product, square

pytestmark = pytest.mark.usefixtures("unexplained")

HAZARDS = {"GC205", "GC206"}


def codes(report):
    return {finding.code for finding in report.findings if finding.severity is not Severity.NOTE}


@pytest.mark.parametrize("planted", PLANTED, ids=str)
def test_planted_mistake_is_named(planted):
    report = planted.judge_wrong()
    assert planted.code in codes(report), str(report)
    if planted.code not in HAZARDS:
        assert report.verdict == "wrong"
    else:
        assert report.verdict != "wrong"


@pytest.mark.parametrize("planted", PLANTED, ids=str)
def test_correct_twin_passes(planted):
    report = planted.judge_right()
    assert report.verdict == "correct", str(report)
    assert not codes(report), str(report)


@pytest.mark.parametrize("planted", PLANTED, ids=str)
def test_without_the_law_its_code_is_gone(planted):
    others = [law for law in LAWS if law.code != planted.code]
    if planted.code in {law.code for law in LAWS if law.blocks}:
        others = [law for law in others if law.code < planted.code]
    report = planted.judge_wrong(others)
    assert planted.code not in codes(report)


def test_methods_of_a_class_are_no_offers():
    """A layer whose forward returns what its backward needs, as layers do."""

    class Layer:
        def forward(self, x):
            return x * x, x

        def jvp(self, x):
            return None

        def __call__(self, x):
            return square(x)

    report = judge_point(Case(Layer(), inputs=(X,)), (X,))
    assert report.verdict == "correct"
    assert not codes(report)


def test_an_offer_that_raises_is_named():
    def broken(*_):
        raise RuntimeError("not today")

    for name, code in (("forward", "GC209"), ("wanting", "GC208"), ("jvp", "GC402")):
        report = judge_point(Case(offering(product, **{name: broken}), inputs=(X, W)), (X, W))
        assert codes(report) == {code}
        assert "not today" in str(report)
    report = judge_point(Case(offering(square, second=broken), inputs=(X,), order=2), (X,))
    assert codes(report) == {"GC401"}


def test_an_op_without_forward_mode_here_may_say_so():
    def unavailable(*_):
        raise NotImplementedError

    assert judge_point(Case(offering(square, jvp=unavailable), inputs=(X,)), (X,)).verdict == "correct"


def test_at_a_kink_jvp_and_vjp_may_choose_differently():
    x = np.array([0.0, -1.0, 2.0])

    def jvp(inputs, tangents):
        return abs(inputs[0]), np.where(inputs[0] == 0, 1, np.sign(inputs[0])) * tangents[0]

    assert not codes(judge_point(Case(offering(absolute, jvp=jvp), inputs=(x,)), (x,)))


def test_a_forward_mode_that_a_framework_derived_is_not_on_trial():
    def jvp(inputs, tangents):
        return inputs[0] ** 2, inputs[0] * tangents[0]

    jvp.derived = True
    report = judge_point(Case(offering(square, jvp=jvp), inputs=(X,)), (X,))
    assert report.verdict == "correct"
    assert codes(report) == {"GC402"}


def test_of_many_inputs_only_a_few_subsets_are_asked():
    asked = []

    def many(*xs):
        return sum(x * x for x in xs), lambda dy: tuple(2 * x * dy for x in xs)

    def wanting(wanted):
        asked.append(wanted)

        def some(*xs):
            return many(*xs)[0], lambda dy: tuple(2 * x * dy if w else None for x, w in zip(xs, wanted, strict=True))

        return some

    many.wanting = wanting
    inputs = (X, X, X + 1, X + 2, X + 3)
    assert not codes(judge_point(Case(many, inputs=inputs), inputs))
    assert sorted(map(sum, asked)) == [1, 4]


def test_codes_are_in_order_and_unique():
    """Form, then whether the op repeats itself, then what spoils later answers, then the rest."""
    order = [law.code for law in LAWS]
    assert len(set(order)) == len(order)
    assert order[:9] == ["GC101", "GC102", "GC103", "GC104", "GC105", "GC106", "GC206", "GC203", "GC204"]
    assert order[9:] == sorted(order[9:])


def test_laws_read_as_sentences():
    for law in LAWS:
        assert law.sentence.endswith("."), law


def written_on_the_trial(source):
    """The attributes of a trial that are set or changed in place; the calls that a law makes itself it has to count."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            changes = node.func.attr in ("append", "extend", "update", "clear", "setdefault")
            targets = [node.func.value] if changes else []
        for target in targets:
            inner = target.value if isinstance(target, ast.Subscript) else target
            if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name) and inner.value.id == "trial":
                found.add(inner.attr)
    return found - {"forwards", "backwards"}


def replaced_properties(source):
    """The properties that a class sets itself, so that one of them says another thing after another was asked."""
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    decorated = ((f.name, ast.unparse(by)) for f in functions for by in f.decorator_list)
    properties = {name for name, by in decorated if by in ("property", "cached_property", "kept")}
    targets = {ast.unparse(node) for node in ast.walk(tree) if isinstance(getattr(node, "ctx", None), ast.Store)}
    around = {"__dict__"} if "__dict__" in source else set()
    return {name for name in properties if f"self.{name}" in targets} | around


def test_no_question_to_a_trial_changes_what_another_said():
    for name in ("calls", "trial"):
        assert not replaced_properties(Path(gradcheck.trial.__file__).with_name(f"{name}.py").read_text())


@pytest.mark.parametrize(
    "line", ["self.point = self.fine", "self.fine, self.point = 1, 2", "self.__dict__.pop('point')"]
)
def test_one_that_did_would_be_seen(line):
    properties = "    @property\n    def point(self): ...\n    @kept\n    def fine(self): ...\n"
    assert replaced_properties(f"class Trial:\n{properties}    def ask(self):\n        {line}\n")
    assert not replaced_properties(f"class Trial:\n{properties}    def ask(self):\n        self.other = self.point\n")


def test_what_was_learned_is_handed_on_and_never_changed():
    learned = Learned(floor={"x": 1e-9}, behaves=True)
    more = learned | Learned(floor={"w": 1e-3}, remarks=("so",), rough=True)
    assert learned == Learned(floor={"x": 1e-9}, behaves=True)
    assert more == Learned(floor={"x": 1e-9, "w": 1e-3}, remarks=("so",), behaves=True, rough=True)
    with pytest.raises(FrozenInstanceError):
        more.proved = True


def test_laws_write_nothing_on_the_trial():
    for file in Path(gradcheck.laws.__file__).parent.rglob("*.py"):
        assert not written_on_the_trial(file.read_text()), file


@pytest.mark.parametrize("line", ["trial.proved = True", "trial.floor['x'] = 0.0", "trial.remarks.append('')"])
def test_a_law_that_did_would_be_seen(line):
    assert written_on_the_trial(line)
