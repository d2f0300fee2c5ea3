"""The page for coding agents says what is so: each of its commands is run, each field that it names is there."""

import contextlib
import json
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from gradcheck.gate.cli import main
from gradcheck.gate.writers.as_json import VERSION, WORDS
from tests.repository.documents import ROOT

PAGE = (ROOT / "gradcheck" / "SKILL.md").read_text()
COMMANDS = re.findall(r"^\$ gradcheck (.*)$", PAGE, re.MULTILINE)
CODE = re.search(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)[1]
# Of the op as the page shows it, which is wrong, and once it is mended.
EXIT_CODES = {
    "run": (1, 0),
    "replay": (1, None),
    "explain": (0, 0),
    "fix": (0, 0),
    "prove": (None, 0),
    "inventory": (0, 0),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("skill")
    (made / "cases.py").write_text(CODE)
    return made


def ask(folder, line):
    """What a command answers, in this process: only the first one shows that it starts."""
    with contextlib.chdir(folder):
        return CliRunner().invoke(main, line.split())


@pytest.fixture(scope="module")
def answer(folder):
    command = [sys.executable, "-P", "-m", "gradcheck", *COMMANDS[0].split()]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert COMMANDS[0].endswith("--json -")
    assert done.returncode == EXIT_CODES["run"][0], done.stderr
    return json.loads(done.stdout)


def test_the_command_prints_it():
    assert CliRunner().invoke(main, ["skill"]).output == PAGE
    assert PAGE.startswith("---\nname: gradcheck\ndescription: ")


def test_every_command_of_the_page_is_tried():
    assert {line.split()[0] for line in COMMANDS} == set(EXIT_CODES)


@pytest.mark.parametrize("line", [line for line in COMMANDS[1:] if not line.startswith("prove")])
def test_a_command_does_what_the_page_says(folder, answer, line):
    token = answer["cases"][0]["report"]["reproduce"].removeprefix("gradcheck replay ")
    done = ask(folder, line.replace("TOKEN", token))
    assert done.exit_code == EXIT_CODES[line.split()[0]][0], done.output
    if line.startswith("fix"):
        assert "+        dz = dy * (1 - y**2)" in done.stdout or "1 - y * y" in done.stdout


def test_the_mended_op_is_correct_and_its_case_proved(folder, tmp_path):
    (tmp_path / "cases.py").write_text(CODE.replace("(1 - y)", "(1 - y**2)"))
    for line in (COMMANDS[0], next(line for line in COMMANDS if line.startswith("prove"))):
        done = ask(tmp_path, line)
        assert done.exit_code == 0, done.output


def test_every_field_and_word_of_the_tables_is_there(answer):
    assert answer["format"] == "gradcheck run"
    assert f'"version": {VERSION}' in PAGE
    row = answer["cases"][0]
    finding = row["report"]["findings"][0]
    table = PAGE.partition("| field of a row")[2].partition("\n\n")[0]
    for cell in re.findall(r"^\| (`[^|]*`) \|", table, re.MULTILINE):
        for name in re.findall(r"`([^`]+)`", cell):
            first, _, rest = name.partition(".")
            assert name in row or name in finding or (first == "report" and rest in row["report"]), name
    verdicts = PAGE.partition("| verdict | do |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)`", verdicts, re.MULTILINE)) == set(WORDS)
    assert {"path", "line", "code"} <= set(finding["where"])
