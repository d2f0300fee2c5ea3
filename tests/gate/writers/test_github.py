"""What GitHub is told: at most ten annotations, at the user's own lines, nothing in them that it obeys; a summary."""

import html
import re
from pathlib import Path

import pytest

from gradcheck.gate.limits import SUMMARY
from gradcheck.gate.writers.github import Annotation, GitHub, annotate
from gradcheck.gate.writers.summary import job_summary

from .conftest import ALL, RIGHT
from .runs import HOSTILE, correct, error, inconclusive, made_at, run_of, wrong

COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::([^\r\n]*)")


def read(command):
    """A workflow command as the runner reads it: its level, its properties, its message."""
    level, properties, message = COMMAND.fullmatch(command).groups()

    def plain(text):
        for code, letter in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
            text = text.replace(code, letter)
        return text

    pairs = dict(part.split("=", 1) for part in properties.split(","))
    return level, {name: plain(value) for name, value in pairs.items()}, plain(message)


@pytest.mark.parametrize("text", [*HOSTILE, "100%", "%0A::error::x", "a:b,c", "\r\n::error::x"])
def test_what_it_prints_cannot_be_taken_for_a_command(text):
    printed = str(Annotation("error", text, text, "a,b:c.py", 3))
    assert "\n" not in printed
    assert "\r" not in printed
    level, properties, message = read(printed)
    assert (level, properties["file"], properties["line"]) == ("error", "a,b:c.py", "3")
    assert properties["title"] == message
    assert "\x1b" not in printed


def test_it_points_at_the_line_of_the_mistake(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    case = wrong("bad", line=7, more=(made_at("W", 4), made_at("b", 4)))
    found = annotate(run_of(case)[1], tmp_path)
    assert [(one.file, one.line, one.message.splitlines()[0]) for one in found] == [
        ("mine.py", 7, "it is 2, not 1"),
        ("mine.py", 4, "W is wrong"),  # one annotation for both that inherit it
    ]


def test_paths_are_those_of_the_repository(tmp_path, monkeypatch):
    below = tmp_path / "sub" / "folder"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    (inside,) = annotate(run_of(wrong())[1], tmp_path)
    (outside,) = annotate(run_of(wrong(path="/elsewhere/mine.py"))[1], tmp_path)
    assert (inside.file, inside.line) == ("sub/folder/mine.py", 7)
    assert (outside.file, outside.line) == (None, None)


def test_ten_at_most_the_worst_first_and_the_last_counts():
    cases = [
        correct(),
        *(inconclusive(f"v{n}") for n in range(4)),
        error(),
        *(wrong(f"w{n}", line=n) for n in range(7)),
    ]
    found = annotate(run_of(*cases)[1], Path.cwd())
    assert [one.level for one in found] == ["error"] * 8 + ["warning"] * 2
    assert found[0].title.startswith("w0: wrong gradient")
    assert found[7].title == "broken: no verdict"
    assert found[-1].message.startswith("and 3 more")
    assert len(annotate(run_of(*(wrong(f"w{n}", line=n) for n in range(10)))[1], Path.cwd())) == 10


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        ([], {}, False),
        ([], {"GITHUB_ACTIONS": "true"}, True),
        (["--no-github"], {"GITHUB_ACTIONS": "true"}, False),
        (["--github"], {}, True),
    ],
)
def test_it_is_on_by_itself_in_a_workflow(case_file, gate, arguments, environment, said):
    case_file("def bad(x):\n    return x, lambda dy: (2 * dy,)\nCASES = [Case(bad, '(n)->(n)')]\n")
    ran = gate("mine.py", *arguments, env=environment)
    assert ran.exit_code == 1
    lines = [line for line in ran.stdout.splitlines() if line.startswith("::")]
    assert len(lines) == said
    assert all(read(line)[1]["file"] == "mine.py" for line in lines)


def test_colours_never_stand_before_a_command(case_file, gate, tmp_path):
    case_file(ALL)
    summary = tmp_path / "summary.md"
    summary.write_text("of another step\n")
    ran = gate("mine.py", "--color", "always", env={"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)})
    assert "\x1b[" in ran.stdout
    commands = [line for line in ran.stdout.splitlines() if "::error" in line or "::warning" in line]
    assert len(commands) == 4
    assert all(COMMAND.fullmatch(line) for line in commands)
    assert summary.read_text().startswith("of another step\n### Gradients: 1 correct, 2 wrong, 1 error, 1 inconclusive")


def test_a_summary_that_cannot_be_written_changes_no_verdict(case_file, gate):
    case_file(RIGHT)
    ran = gate("mine.py", env={"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "/no/such/folder/summary.md"})
    assert ran.exit_code == 0
    assert "no job summary" in ran.stderr


def test_nothing_in_a_summary_is_markdown_or_html():
    cases = [*map(wrong, HOSTILE), *(error(name, name) for name in HOSTILE), *map(correct, HOSTILE)]
    text = job_summary(*run_of(*cases))
    rows = [line for line in text.splitlines() if line.startswith(("| wrong", "| error"))]
    assert len(rows) == 2 * len(HOSTILE)
    for row in rows:
        assert len(re.findall(r"(?<!&)\|", row)) == 7, row
        assert not re.search(r"[<>`*\[\]@$]", row), row
    assert html.unescape(rows[0].split("|")[2].strip()) == HOSTILE[0]
    outside = re.sub(r"(?ms)^(`{3,})text\n.*?^\1\n", "", text)
    assert "<img" not in outside


def test_a_fence_is_longer_than_what_it_holds():
    text = job_summary(*run_of(error("fences", "```\n</details>\n`````")))
    assert "\n``````text\n" in text


def test_a_summary_stays_within_what_github_takes():
    cases = [wrong(f"case {number}", message="long " * 200) for number in range(2000)]
    text = job_summary(*run_of(*cases))
    assert SUMMARY // 2 < len(text.encode()) <= SUMMARY + 200
    assert "more parts are too long" in text
    assert "| wrong | case 1999 |" in text


def test_nothing_is_written_before_the_end(tmp_path, capsys):
    started, done = run_of(wrong())
    writer = GitHub({"GITHUB_WORKSPACE": str(tmp_path)})
    writer(started)
    writer(done.cases[0])
    assert capsys.readouterr().out == ""
    writer(done)
    assert capsys.readouterr().out.startswith("::error ")
