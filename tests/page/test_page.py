"""The page as text: whole, alone, escaped, failures first, within its size; a browser looks at it in `test_browser`."""

import re
from importlib.resources import files

import numpy as np
import pytest

from gradcheck import report_vjp
from gradcheck.report.page import document, report_fragment, run_page
from gradcheck.report.page.environment import digest
from gradcheck.report.page.heat import _level, _short

from ..evidence.test_gathered import sine
from ..gate.writers.conftest import ALL, run_gate, write_cases
from ..gate.writers.runs import correct, run_of, wrong
from .pages import IMG, OWN, Tags, hostile_page, page_of_many, whole_page, wrongs_once


@pytest.fixture(scope="module")
def page():
    return whole_page()


@pytest.fixture(scope="module")
def planted():
    return hostile_page()


def test_it_is_whole(page):
    assert set(Tags(page).found) <= OWN


def test_it_asks_nothing_of_anybody(page):
    tags = Tags(page)
    outside = [(tag, name, value) for tag, name, value in tags.attributes if name in ("src", "href", "action", "data")]
    assert all(value.startswith("#") or value == "data:," for _, _, value in outside), outside
    assert not re.search(r"@import|url\(|https?://", page.replace("http://g", ""))


def test_a_policy_lets_only_our_own_script_and_style_through(page):
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    policy = policy.replace("&#39;", "'")
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert f"script-src '{digest(script)}'" in policy
    assert f"style-src '{digest(style)}'" in policy
    assert "default-src 'none'" in policy
    assert not [name for _, name, _ in Tags(page).attributes if name == "style" or name.startswith("on")]


def test_the_script_is_small():
    text = files("gradcheck.report.page").joinpath("templates/page.js").read_text()
    assert len(text.encode()) < 10_000
    assert "import " not in text


def test_every_string_of_a_user_is_escaped(planted):
    tags = Tags(planted)
    assert set(tags.found) <= OWN
    assert tags.found.count("script") == 1
    assert not [name for _, name, _ in tags.attributes if name.startswith("on")]
    assert sum(IMG in text for text in tags.texts) > 20
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", planted)
    assert "{{ 7*7 }}" in planted
    planted.encode()  # halves of surrogate pairs are spelt out


def test_without_escaping_the_same_test_fails(monkeypatch):
    from gradcheck.report.page import environment

    monkeypatch.setattr(environment.environment(), "autoescape", False)
    environment.environment().cache.clear()
    try:
        with pytest.raises(AssertionError):
            test_every_string_of_a_user_is_escaped(hostile_page())
    finally:
        environment.environment().cache.clear()


def test_failures_come_first(page):
    order = re.findall(r'class="case (\w+)"', page)
    assert order == ["wrong"] * 6 + ["error", "inconclusive", "known", "correct", "correct"]
    assert "Known: it is old, until 2099-01-01" in page
    assert "baseline: an entry has expired" in page
    assert "1 left out: nothing of theirs differs from main" in page
    assert "1 not run" in page
    assert "interrupted" in page


def test_without_scripts_it_can_be_read(page):
    assert '<form class="tools" hidden>' in page  # nothing that does nothing
    tags = Tags(page)
    assert tags.found.count("details") >= 8
    text = "".join(tags.texts)
    for part in ("GC301", "the slopes settle", "claimed − measured", "Python to paste", "gradcheck replay", "kink, "):
        assert part in text


def test_the_pictures_are_those_of_the_evidence(page):
    body = page[page.index(">relu<") : page.index(">complex<")]
    figure = body[body.index('<figure class="heat">') : body.index("</figure>", body.index('<figure class="heat">'))]
    relu = next(case for case in wrongs_once() if case.case.name == "relu")
    (shown,) = relu.report.evidence.maps
    assert figure.count('class="frame"') == 3
    rows, columns = shown.shape
    assert figure.count("<text") == 3 * rows * columns
    assert f"{sum(map(sum, shown.wrong))} of {rows * columns} cells differ" in figure
    assert body.count('<figure class="curve">') == 1
    assert body.count('class="law broke"') == 1 + 1  # and in the key


@pytest.mark.parametrize(
    ("value", "level"),
    [
        (0, "z"),
        (1, "p5"),
        (-1, "n5"),
        (0.05, "z"),
        (0.11, "p1"),
        (-0.3, "n1"),
        (float("nan"), "x"),
        (float("inf"), "x"),
    ],
)
def test_colours_are_those_of_the_sign_and_the_size(value, level):
    assert _level(value, 1.0) == level


def test_numbers_fit_their_cells():
    assert _short(-0.0289, -2) == "−2.89"
    assert _short(float("nan"), 0) == "n/a"
    assert max(len(_short(value, 0)) for value in (1.0, -999.99)) <= 7


def test_a_thousand_failures_stay_under_five_megabytes():
    page = page_of_many()
    assert len(page.encode()) < 5_000_000
    whole = page.count("<details class=")
    assert 200 < whole < 1000
    said = re.search(r"(\d+) of the failures are shown as rows", page)
    assert int(said.group(1)) == 1000 - page.count('<details class="case')
    assert page.count('class="case wrong"') == 1000


def test_however_many_cases_there_are_the_page_stays_within_its_size():
    cases = [correct("n" * 300 + str(number)) for number in range(12_000)]
    page = run_page(*run_of(wrong(), *cases))
    assert len(page.encode()) < 5_000_000
    listed = page.count('class="case correct"')
    assert 5000 < listed < 12_000
    assert f"{12_000 - listed} more cases are not listed" in page
    assert page.count('class="case wrong"') == 1


def test_a_small_page_shows_every_failure_and_says_nothing_of_a_cap(page, monkeypatch):
    assert "shown as rows" not in page
    monkeypatch.setattr(document, "BYTES", 20_000)
    small = whole_page()
    assert "shown as rows" in small
    assert small.count('<details class="case') == 1


def test_the_command_writes_it(tmp_path, monkeypatch):
    write_cases(tmp_path, ALL)
    monkeypatch.chdir(tmp_path)
    assert run_gate("mine.py", "--html", "report.html").exit_code == 1
    text = (tmp_path / "report.html").read_text()
    assert "<title>gradcheck: 2 wrong, 1 error, 1 inconclusive, 1 correct</title>" in text
    assert text.count('<figure class="curve">') == 2


def test_a_report_is_a_page_and_a_part_of_a_notebook():
    report = report_vjp(sine(2), np.array([0.3, 0.7]))
    page, part = report.to_html(), report._repr_html_()
    assert part == report_fragment(report)
    for text in (page, part):
        assert text.count('<figure class="curve">') == 1
        assert text.count('<figure class="heat">') == 1
    assert "<script" not in part
    assert Tags(part).found[0] == "div"


def test_a_correct_run_is_a_page_too():
    page = run_page(*run_of(correct()))
    assert "<figure" not in page
    assert set(Tags(page).found) <= OWN
    assert set(Tags(run_page(*run_of())).found) <= OWN
