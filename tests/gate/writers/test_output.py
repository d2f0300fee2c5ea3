"""Files are whole or as they were, standard output may go away, and what cannot be written is said before judging."""

import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gradcheck.errors import UsageError
from gradcheck.gate.writers.at_end import AtEnd
from gradcheck.gate.writers.output import Output
from tests.command import plain_environment

from ..ctrl_c import heeded
from .conftest import RIGHT, WRONG, run_process
from .runs import correct, run_of

NEVER = "open('judged', 'w')\n"  # what a case file leaves behind when it is loaded


def leftovers(folder):
    """Temporary files that somebody forgot."""
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no/such/folder/x.json", "there is no folder"),
        (".", "is a folder"),
        ("", "name a file"),
        ("mine.py", "Python file"),
        ("other.py", "Python file"),
        ("mine.py/x.json", "there is no folder"),
        ("/proc/x.json", "cannot be written"),
        ("x" * 300, "cannot be written"),
        ("nul\0byte", "cannot be written"),
    ],
)
@pytest.mark.parametrize("option", ["--json", "--junit"])
def test_a_path_that_cannot_be_written_is_one_sentence_before_anything_is_judged(
    case_file, tmp_path, option, name, said
):
    from click.testing import CliRunner

    from gradcheck.gate.cli import main

    path = case_file(NEVER + RIGHT)
    before = path.read_text()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        result = CliRunner().invoke(main, ["run", "mine.py", option, name])
    assert result.exit_code == 2
    assert said in result.output
    assert len(result.output.splitlines()) == 1
    assert not (tmp_path / "judged").exists()
    assert path.read_text() == before
    assert leftovers(tmp_path) == []


def test_a_fault_of_ours_is_no_wrong_gradient(case_file, gate, monkeypatch, tmp_path):
    case_file(RIGHT + WRONG)
    monkeypatch.setattr("gradcheck.gate.writing.as_junit", lambda started, done: 1 / 0)
    monkeypatch.setenv("GRADCHECK_FAULTS", "")
    ran = gate("mine.py::right", "--junit", "junit.xml", "--json", "answer.json")
    assert ran.exit_code == 2
    assert "please report it: ZeroDivisionError" in ran.stderr
    assert "1 correct" in ran.stdout
    assert json.loads((tmp_path / "answer.json").read_text())["exit_code"] == 0
    assert gate("mine.py::bad", "--junit", "junit.xml").exit_code == 1


def test_two_documents_do_not_share_a_file(case_file, gate, tmp_path):
    case_file(RIGHT)
    assert "both be written" in gate("mine.py", "--json", "x", "--junit", "./x").stderr
    assert "both be written" in gate("mine.py", "--json", "-", "--junit", "/dev/stdout").stderr
    assert gate("mine.py", "--json", "/dev/null", "--junit", "/dev/null").exit_code == 0


def test_several_at_once(case_file, gate, tmp_path):
    case_file(RIGHT + WRONG)
    ran = gate("mine.py", "--json", "-", "--junit", "junit.xml", "--github", "-q")
    assert json.loads(ran.stdout)["exit_code"] == 1
    assert "failure" in (tmp_path / "junit.xml").read_text()
    assert "::error" in ran.stderr


def test_a_file_keeps_its_mode_and_a_link_stays_a_link(tmp_path):
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    Output("--json", str(link)).write("new")
    assert link.is_symlink()
    assert real.read_text() == "new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    Output("--json", str(tmp_path / "fresh.json")).write("new")
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((tmp_path / "fresh.json").stat().st_mode) == 0o666 & ~mask
    assert leftovers(tmp_path) == []


def test_who_reads_at_any_moment_sees_a_whole_file(tmp_path, monkeypatch):
    path = tmp_path / "answer.json"
    path.write_text("old and whole")
    seen = []
    replace = os.replace

    def watched(source, target):
        seen.append((path.read_text(), Path(source).read_text()))
        replace(source, target)

    monkeypatch.setattr(os, "replace", watched)
    Output("--json", str(path)).write("new and whole")
    assert seen == [("old and whole", "new and whole")]


def test_a_folder_that_an_op_leaves_is_still_where_the_file_goes(case_file, gate, tmp_path):
    (tmp_path / "other").mkdir()
    wanders = "import os\ndef wanders(x):\n    os.chdir('/')\n    return x, lambda dy: (dy,)\n"
    case_file(wanders + "CASES = [Case(wanders, '(n)->(n)')]\n")
    assert gate("mine.py", "--json", "answer.json").exit_code == 0
    assert (tmp_path / "answer.json").exists()


def test_a_pipe_is_written_once_and_never_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    output = Output("--json", str(pipe))
    output.check()  # without a reader, and without waiting for one
    with ThreadPoolExecutor() as threads:
        read = threads.submit(pipe.read_text)
        output.write("all of it")
        assert read.result(timeout=10) == "all of it"
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_disk_that_is_full_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "answer.json"
    path.write_text("old")

    def full(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(UsageError, match="No space left"):
        Output("--json", str(path)).write("new")
    assert path.read_text() == "old"
    assert leftovers(tmp_path) == []


def test_nothing_is_written_by_a_run_that_does_not_end(tmp_path):
    path = tmp_path / "answer.json"
    path.write_text("of the last run")
    started, done = run_of(correct())
    with pytest.raises(RuntimeError), AtEnd(lambda started, done: "new", Output("--json", str(path))) as writer:  # noqa: PT012
        writer(started)
        writer(done.cases[0])
        raise RuntimeError
    assert path.read_text() == "of the last run"
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("killed", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_ended_leaves_a_whole_file_or_the_last_one(case_file, tmp_path, killed):
    """What was judged by then is written, unless the process itself is killed; and no temporary file stays."""
    begun = "import time\ndef slow(x):\n    open('begun', 'w').close()\n    time.sleep(0.1)\n"
    case_file(f"{begun}    return x, lambda dy: (dy,)\n{RIGHT}later = Case(slow, '(n)->(n)')\n")
    (tmp_path / "answer.json").write_text('"of the last run"')
    words = [sys.executable, "-m", "gradcheck", "run", "mine.py", "--in-process", "--json", "answer.json"]
    with heeded():
        process = subprocess.Popen(words, cwd=tmp_path, env=plain_environment(), stdout=subprocess.DEVNULL)
    for _ in range(300):
        if (tmp_path / "begun").exists():
            break
        time.sleep(0.1)
    process.send_signal(killed)
    code = process.wait(timeout=30)
    answer = json.loads((tmp_path / "answer.json").read_text())
    if killed == signal.SIGKILL:
        assert answer == "of the last run"
    else:
        assert code == 3
        assert (answer["interrupted"], answer["exit_code"]) == (True, 3)
        assert [row["name"] for row in answer["not_run"]] == ["slow"]
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize(
    ("rest", "code", "said"),
    [
        ("mine.py::right > /dev/full", 2, "could not be written"),
        ("mine.py::bad > /dev/full", 1, "could not be written"),
        ("mine.py::right >&- 2>&-", 0, ""),
        ("mine.py::right --json /dev/full", 2, "--json /dev/full could not be written"),
        ("mine.py::right --json - > /dev/full", 2, "--json - could not be written"),
        ("mine.py::bad --json - > /dev/full", 1, "--json - could not be written"),
        ("mine.py::right --json - >&-", 2, "closed"),
        ("mine.py::bad -v | true", 1, ""),
        ("mine.py::right --json - | true", 0, ""),
    ],
)
def test_output_that_cannot_be_written_is_no_wrong_gradient(case_file, shell, rest, code, said):
    case_file(RIGHT + WRONG)
    ran = shell(rest)
    assert ran.returncode == code, ran.stderr
    assert said in ran.stderr
    assert not {"Traceback", "Exception", "OSError", "BrokenPipeError"} & set(re.findall(r"\w+", ran.stderr))


def test_a_terminal_without_the_letters_spells_them_out(case_file, tmp_path):
    case_file(RIGHT.replace("'right'", "'ünï → 名'"))
    ran = run_process(tmp_path, "mine.py", "--in-process", env={"PYTHONIOENCODING": "ascii"})
    assert ran.returncode == 0
    assert r"\xfcn\xef \u2192" in ran.stdout
