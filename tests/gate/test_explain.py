"""`gradcheck explain`: every code has an explanation whose example shows it, and whose right version does not."""

import re
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

import gradcheck
from gradcheck import report_case
from gradcheck.explanations import codes, explanation
from gradcheck.gate.cli import main
from gradcheck.laws import LAWS

SOURCES = Path(gradcheck.__file__).parent


def explained(*arguments):
    result = CliRunner().invoke(main, ["explain", *arguments])
    return result.exit_code, result.output


@cache
def shown(code):
    """What ``explain`` prints of a code, and the reports that it has made of the wrong and of the right example."""
    reports = []

    def heard(*arguments, **options):
        reports.append(report_case(*arguments, **options))
        return reports[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gradcheck, "report_case", heard)  # from where the examples import it
        status, output = explained(code)
    assert status == 0, output
    wrong, right = reports
    return output, wrong, right


@pytest.mark.parametrize("code", codes())
def test_the_example_raises_its_code_and_its_twin_does_not(code):
    assert explanation(code).code == code
    output, wrong, right = shown(code)
    for report in (wrong, right):
        assert f"{report.verdict}: {report.name}, " in output
    assert code in {finding.code for finding in wrong.findings}, str(wrong)
    assert code not in {finding.code for finding in right.findings}, str(right)
    assert right.verdict == "correct", str(right)


def test_every_code_that_can_be_said_is_explained():
    emitted = set()
    for file in SOURCES.rglob("*.py"):
        if file.name != "__init__.py" or "laws" not in file.parts:  # where the codes are given out
            emitted |= set(re.findall(r'"(GC\d{3})"', file.read_text()))
    laws = {law.code for law in LAWS}
    assert laws <= emitted
    assert set(codes()) == emitted


@pytest.mark.parametrize("code", codes())
def test_what_is_printed_holds_every_part_and_fits_a_terminal(code):
    output, *_ = shown(code)
    words = explanation(code).words
    joined = " ".join(output.split())
    for part in (words.says, words.matters, words.mend, *words.breaks):
        assert " ".join(part.split()) in joined
    assert code in output.split("Example, wrong.py")[1].split("The right version")[0]
    assert max(map(len, output.splitlines())) <= 120
    assert "judge_example" not in output.split("The right version")[1]


def test_the_report_is_made_when_it_is_asked_for(monkeypatch):
    monkeypatch.setattr("gradcheck.report.report.write_text", lambda report: f"planted: {report.verdict}")
    assert re.findall("planted: .*", explained("GC301")[1]) == ["planted: wrong", "planted: correct"]


def test_the_example_points_at_its_own_lines():
    assert re.search(r"at wrong.py:9: dw = dy \* 2 \* np.sum", shown("GC301")[0])


@pytest.mark.parametrize("typed", ["gc101", " Gc101 "])
def test_case_does_not_matter(typed):
    assert explained(typed)[1].startswith("GC101: ")


@pytest.mark.parametrize(
    ("typed", "part"),
    [("GC310", "GC301"), ("301", "GC301"), ("GC3011", "GC301"), ("hello", "gradcheck explain lists all"), ("GC", "")],
)
def test_an_unknown_code_is_one_sentence_with_the_near_ones(typed, part):
    status, output = explained(typed)
    assert status == 2
    assert len(output.strip().splitlines()) == 1
    assert part in output


def test_without_a_code_all_are_listed():
    status, output = explained()
    assert status == 0
    assert [line.split()[0] for line in output.splitlines() if line.startswith("GC")] == codes()
