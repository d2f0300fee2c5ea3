"""Another program: files in, files out, and whatever else it may do."""

import contextlib
import re
import signal
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from gradcheck import Case, ConventionError, UsageError, report_case, report_vjp
from gradcheck.adapters import from_program
from gradcheck.adapters.program_files import Unreadable, read_npz, read_safetensors, write_npz, write_safetensors
from gradcheck.point import judge_point

from .processes import children

# Without NumPy, which takes a while to import: the tensors of an archive are read and written by hand.
SAFETENSORS = """
import json, struct, sys

def load(path):
    with open(path, "rb") as file:
        whole = file.read()
    start = 8 + int.from_bytes(whole[:8], "little")
    header = json.loads(whole[8:start])
    def values(said):
        first, last = said["data_offsets"]
        assert said["dtype"] in ("F64", "I64")
        kind = "d" if said["dtype"] == "F64" else "q"
        return list(struct.unpack(f"<{(last - first) // 8}{kind}", whole[start + first:start + last]))
    return {name: values(said) for name, said in header.items()}

def save(path, **tensors):
    header, content = {}, b""
    for name, values in tensors.items():
        part = struct.pack(f"<{len(values)}d", *values)
        header[name] = {"dtype": "F64", "shape": [len(values)], "data_offsets": [0, 0]}
        header[name]["data_offsets"] = [len(content), len(content) + len(part)]
        content += part
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + content)

def scale(given, wanted, wrong=1.0):
    t = load(given)
    x, w = t["x"], t["w"]
    found = {"y": [a * a * b for a, b in zip(x, w)]}
    if "dy" in t:
        found["dx"] = [2 * d * a * b for d, a, b in zip(t["dy"], x, w)]
        found["dw"] = [wrong * d * a * a for d, a in zip(t["dy"], x)]
    return t, found
"""
ONCE = SAFETENSORS + "given, wanted = sys.argv[1:]\nt, found = scale(given, wanted)\n"
SERVE = SAFETENSORS + "for line in sys.stdin:\n    given, wanted = line.rstrip('\\n').split('\\t')\n"
X, W = np.array([0.5, -1.5]), np.array([2.0, 0.25])


linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")


def program(text, serves=False, **more):
    more = {"inputs": ("x", "w"), "outputs": ("y",), "format": ".safetensors"} | more
    return from_program([sys.executable, "-S", "-c", text], serves=serves, **more)


def server(text, **more):
    return program(SERVE + "".join(f"    {line}\n" for line in text.splitlines()), serves=True, **more)


SAVES = "t, found = scale(given, wanted)\nsave(wanted, **found)\nprint('ok', flush=True)"


def test_a_program_that_is_run_for_each_point():
    assert report_vjp(program(ONCE + "save(wanted, **found)"), X, W).verdict == "correct"


def test_a_program_that_serves_many_points():
    op = server(SAVES)
    assert report_case(Case(op, "(n),(n)->(n)"), examples=5).verdict == "correct"


def test_a_wrong_gradient_is_named():
    case = Case(server(SAVES.replace("wanted)", "wanted, 2.0)", 1)), "(n),(n)->(n)")
    report = judge_point(case, (X, W), verdict_only=True)
    assert {(finding.code, finding.argument) for finding in report.errors} == {("GC301", "w")}


def test_archives_of_numpy():
    text = """
import sys, numpy as np
for line in sys.stdin:
    given, wanted = line.rstrip("\\n").split("\\t")
    t = np.load(given)
    back = {"dx": t["factor"] * t["dy"][None] + 0 * t["x"] - 2 * t["dz"] * t["x"]} if "dy" in t else {}
    np.savez(wanted, y=t["factor"] * t["x"].sum(0), z=-(t["x"] ** 2).sum(), **back)
    print("ok", flush=True)
"""
    op = from_program([sys.executable, "-c", text], ("x", "rows"), ("y", "z"), serves=True)
    x, rows = np.arange(6.0).reshape(3, 2) + 0.5, np.array([1, 2])
    report = report_vjp(op, x, rows, options={"factor": 3.0})
    assert report.verdict == "correct", report


def test_a_path_of_the_program_gives_the_op_its_name(tmp_path):
    (tmp_path / "layer.py").write_text(ONCE + "save(wanted, **found)")
    command = f"'{sys.executable}' '{tmp_path / 'layer.py'}'"
    op = from_program(command, ("x", "w"), ("y",), format=".safetensors")
    assert op.__name__ == "layer"
    assert np.array_equal(op(X, W)[0], X * X * W)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "save(wanted, **found)\nif 'dy' in t: sys.exit('no memory')",
            "ended with exit code 1; its standard error ends: no memory",
        ),
        (
            "if 'dy' in t: raise KeyError('w')\nsave(wanted, **found)",
            "exit code 1; its standard error ends: .* KeyError: 'w'",
        ),
        ("import os\nif 'dy' in t: os.kill(os.getpid(), 11)\nsave(wanted, **found)", r"crashed \(SIGSEGV\)"),
        ("while 'dy' in t: pass\nsave(wanted, **found)", "gave no answer within 0.5 s"),
    ],
)
def test_a_program_that_fails_has_raised(text, words):
    found = report_vjp(program(ONCE + text, timeout=0.5 if "while" in text else 60.0), X, W).errors[0]
    assert found.code == "GC101"
    assert re.search(words, found.message)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            SAVES.replace("'ok'", "'error no memory' if 'dy' in t else 'ok'"),
            "answered: no memory",
        ),
        ("t, found = scale(given, wanted)\nif 'dy' in t: sys.exit(7)\n" + SAVES, "ended with exit code 7"),
        (
            "t, found = scale(given, wanted)\nif 'dy' in t: print('o', end='', flush=True); sys.exit(0)\n" + SAVES,
            "ended with exit code 0",
        ),
        (
            "t, found = scale(given, wanted)\nif 'dy' in t: input = sys.stdin.read()\n" + SAVES,
            "gave no answer within 0.5 s",
        ),
        (
            "import os\nt, found = scale(given, wanted)\nif 'dy' in t: os.close(1); import time; time.sleep(60)\n"
            + SAVES,
            "closed its standard input or output and gave no answer",
        ),
        ("import os\nt, found = scale(given, wanted)\nif 'dy' in t: os.kill(os.getpid(), 40)\n" + SAVES, "(signal 40)"),
    ],
)
def test_a_server_that_fails_has_raised(text, words, monkeypatch):
    monkeypatch.setattr("gradcheck.adapters.process.ENDING", 0.3)
    found = report_vjp(server(text, timeout=0.5 if "within" in words else 60.0), X, W).errors[0]
    assert found.code == "GC101"
    assert words in found.message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "wrote no file"),
        ("open(wanted, 'wb').write(b'junk')", "wrote a file which is no whole .safetensors file"),
        (
            "save(wanted, **found)\nwhole = open(wanted, 'rb').read()\nopen(wanted, 'wb').write(whole[:-4])",
            r"`y` of shape \(2,\) has 12 bytes",
        ),
        ("save(wanted, z=found['y'])", "wrote `z`, and not `y`, its output"),
        ("save(wanted)", "wrote nothing, and not `y`, its output"),
    ],
)
def test_half_an_answer_is_one_sentence(text, words):
    with pytest.raises(ConventionError, match=words) as error:
        report_vjp(program(ONCE + text), X, W)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("print('loading weights', flush=True)", "answered 'loading weights' where a line `ok` is due"),
        ("print('x' * 100000, flush=True)", "answered 'xxxxx"),
        ("sys.stdout.buffer.write(b'\\xff\\xfe\\n'); sys.stdout.flush()", "where a line `ok` is due"),
    ],
)
def test_junk_is_one_sentence(line, words):
    with pytest.raises(ConventionError, match=words) as error:
        report_vjp(server(line), X, W)
    assert len(str(error.value)) < 300


def test_gradients_under_other_names_are_a_question_put_wrongly():
    renamed = "found = {('grad_w' if name == 'dw' else name): v for name, v in found.items()}\nsave(wanted, **found)"
    with pytest.raises(
        ConventionError, match="was given `dy` and wrote `y`, `dx` and `grad_w`, and not `dw`, the grad"
    ):
        report_vjp(program(ONCE + renamed), X, W)
    with pytest.raises(ConventionError, match="wrote `y`, and not `dx`"):
        report_vjp(program(ONCE + "save(wanted, y=found['y'])"), X, W)


def test_a_gradient_that_is_missing_is_none():
    without = ONCE + "found.pop('dw', None)\nsave(wanted, **found)"
    assert program(without)(X, W)[1](X)[1] is None
    assert program(without, constants=("w",)).constants == ("w",)


def test_what_does_not_go_together_is_one_sentence():
    for more, words in (
        ({"inputs": "x"}, r"inputs is 'x'; write a tuple of names"),
        ({"outputs": ("y 1",)}, r"outputs is \('y 1',\)"),
        ({"outputs": ()}, "one of each is needed"),
        ({"inputs": ("x", "x")}, "`x` would have two meanings"),
        ({"inputs": ("y", "w")}, "`y` would have two meanings"),
        ({"inputs": ("x", "dy")}, "`dy` would have two meanings"),
        ({"constants": ("v",)}, "constants names `v`, but the inputs are `x` and `w`"),
        ({"format": ".mat"}, "format is '.mat'; it is '.npz' or '.safetensors'"),
    ):
        with pytest.raises(UsageError, match=words):
            program(ONCE, **more)
    with pytest.raises(UsageError, match="the command is empty"):
        from_program("", ("x",), ("y",))
    for serves in (False, True):
        with pytest.raises(ConventionError, match="`nowhere` cannot be started: No such file"):
            report_vjp(from_program("./nowhere", ("x",), ("y",), serves=serves), X)
    with pytest.raises(ConventionError, match="takes 2 inputs, `x` and `w`; 1 was given"):
        program(ONCE)(X)


def test_files_hold_what_was_written(tmp_path):
    tensors = {"x": np.arange(6.0).reshape(2, 3).T, "n": np.array(3), "f": np.float32([0.5]), "b": np.array([True])}
    tensors |= {"empty": np.zeros((0, 2)), "i": np.array([1, -2], np.int32)}
    for write, read in ((write_npz, read_npz), (write_safetensors, read_safetensors)):
        path = tmp_path / f"{read.__name__}.npz"
        write(path, tensors)
        back = read(path)
        assert list(back) == list(tensors)
        for name, array in tensors.items():
            assert (back[name].dtype, back[name].shape) == (array.dtype, array.shape)
            assert np.array_equal(back[name], array)
    with pytest.raises(Unreadable, match=r"`x` has dtype \S+, which a .safetensors file cannot hold"):
        write_safetensors(path, {"x": np.array(["text"])})


def test_files_of_the_library_are_read(tmp_path):
    safetensors = pytest.importorskip("safetensors.numpy")
    tensors = {"x": np.arange(6.0).reshape(2, 3), "i": np.array([1, -2], np.int32)}
    safetensors.save_file(tensors, tmp_path / "theirs")
    write_safetensors(tmp_path / "ours", tensors)
    for back in (read_safetensors(tmp_path / "theirs"), safetensors.load_file(tmp_path / "ours")):
        assert all(np.array_equal(back[name], array) for name, array in tensors.items())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no whole .npz archive"),
        (b"PK\x03\x04 cut off", "no whole .npz archive"),
        (
            b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (0,), }" + b" " * 60 + b"\n",
            "holds a single array",
        ),
        (b"hello", "what is no array of numbers"),
    ],
)
def test_what_is_no_archive_is_said(tmp_path, content, words):
    (tmp_path / "out.npz").write_bytes(content)
    with pytest.raises(Unreadable, match=words):
        read_npz(tmp_path / "out.npz")


def test_a_dtype_that_numpy_does_not_have_is_said(tmp_path):
    text = b'{"y": {"dtype": "BF16", "shape": [1], "data_offsets": [0, 2]}}'
    (tmp_path / "out").write_bytes(len(text).to_bytes(8, "little") + text + b"\0\0")
    with pytest.raises(Unreadable, match="in which `y` has dtype BF16"):
        read_safetensors(tmp_path / "out")


@linux
def test_nothing_is_left_behind(tmp_path, monkeypatch):
    """Neither files nor processes: where the program leaves a child behind, after a time-out, and with its op."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = children("-S")
    sleeper = (
        "import subprocess\nsubprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(60)  # left'])\n"
    )
    program("import sys\n" + sleeper + ONCE + "save(wanted, **found)")(X, W)
    server(SAVES)(X, W)
    for op in (program("while True: pass", timeout=0.3), server("while True: pass", timeout=0.3)):
        with pytest.raises(TimeoutError, match=r"gave no answer within 0\.3 s"):
            op(X, W)
    assert not list(tmp_path.iterdir())
    assert not children("-S") - before
    assert not list(running("time.sleep(60)  # left"))


def running(text):
    """Every process whose last argument this is, whoever started it."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                if (folder / "cmdline").read_text().rstrip("\0").endswith(text):
                    yield folder.name


@linux
def test_an_interrupt_ends_the_program(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = children("-S")

    def ring(number, frame):
        raise KeyboardInterrupt

    old = signal.signal(signal.SIGALRM, ring)
    try:
        for op in (program("while True: pass"), server("while True: pass")):
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            start = time.monotonic()
            with pytest.raises(KeyboardInterrupt):
                op(X, W)
            assert time.monotonic() - start < 10.0
            assert not children("-S") - before
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)
    assert not list(tmp_path.iterdir())
