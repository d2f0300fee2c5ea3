"""What courses ask for: a number with its parts, and a hint that gives nothing away."""

import numpy as np
import pytest
from click.testing import CliRunner

from gradcheck import Case, report_case, report_vjp
from gradcheck.explanations import explanation, hint
from gradcheck.gate.cli import main
from gradcheck.laws import LAWS

from . import right
from .slips import SLIPS, inputs_of, loaded


def report_of(slip, tmp_path):
    return report_vjp(getattr(loaded(slip.text, tmp_path / "mine.py"), slip.op), *inputs_of(slip.op))


def test_what_is_right_has_full_marks():
    grade = report_vjp(right.closure, *inputs_of("closure")).grade()
    assert grade.number == 1.0
    assert [str(part) for part in grade.parts] == [
        "W1: right",
        "W2: right",
        "X: right",
        "form: right",
        "behaviour: right",
    ]
    assert grade.mistakes == 0


def test_one_slip_that_two_gradients_inherit_is_one_mistake(tmp_path):
    grade = report_of(SLIPS[1], tmp_path).grade()
    assert grade.number == pytest.approx(3 / 5)
    assert {part.name: part.right for part in grade.parts} == {
        "W1": False, "W2": True, "X": False, "form": True, "behaviour": True,
    }  # fmt: skip
    assert grade.mistakes == 1
    assert str(grade).splitlines()[1].endswith(f"mine.py:{SLIPS[1].line}")


def test_a_law_about_form_is_a_part():
    def listing(x):
        return x * x, lambda dy: [2 * x * dy]

    grade = report_vjp(listing, np.array([1.0, 2.0])).grade()
    assert grade.number == 0.0
    assert {part.name: part.codes for part in grade.parts if part.right is False}["form"] == ("GC102",)


def test_what_was_not_seen_does_not_count():
    def still(x, w):
        return x * 1.0, lambda dy: (dy, np.zeros_like(w))

    grade = report_vjp(still, np.array([1.0]), np.array([2.0])).grade()
    assert {part.name: part.right for part in grade.parts}["w"] is None
    assert grade.number == 1.0


@pytest.mark.parametrize("slip", SLIPS[:4], ids=str)
def test_a_hint_names_the_quantity_and_not_the_mistake(slip, tmp_path):
    report = report_of(slip, tmp_path)
    text = " ".join(hint(report).split())
    made = report.errors[0].made
    assert f"`{made.name}`" in text
    assert f"mine.py:{slip.line}" in text
    assert "ask yourself: " in text
    assert "?" in text
    for secret in (made.factor, made.where.code, report.errors[0].likely_cause, slip.wrong, slip.right):
        assert not secret or secret not in text
    for finding in report.errors:
        assert f"{finding.expected:.6g}" not in text


def test_a_hint_says_what_is_right(tmp_path):
    text = " ".join(hint(report_of(SLIPS[1], tmp_path)).split())
    assert "right: the gradient of `W2`" in text
    assert "right, on the way: `dZ2` and `dW2`" in text


def test_a_right_report_is_its_own_hint():
    report = report_vjp(right.closure, *inputs_of("closure"))
    assert hint(report) == str(report)


def test_the_command_gives_hints(tmp_path):
    slip = SLIPS[1]
    path = tmp_path / "mine.py"
    path.write_text(f'{slip.text}\nfrom gradcheck import Case\n\ncase = Case(closure, "(h,i),(h,h),(i,m)->(h,m)")\n')
    result = CliRunner().invoke(main, ["run", "--hint", str(path)])
    assert result.exit_code == 1
    assert "ask yourself: " in result.output
    plain = CliRunner().invoke(main, ["run", str(path)]).output
    assert "asked and no excuse" not in result.output.replace("\n", " ")
    assert "  GC101 " in plain
    assert "  GC101 " not in result.output


def test_every_law_has_a_question():
    assert [law.code for law in LAWS if not explanation(law.code).words.asks.endswith("?")
            and "." not in explanation(law.code).words.asks] == []  # fmt: skip


def test_a_case_has_a_grade_too():
    def half(x):
        return x * x, lambda dy: (x * dy,)

    assert report_case(Case(half, "(n)->(n)")).grade().number == pytest.approx(2 / 3)
