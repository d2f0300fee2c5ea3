"""`gradcheck run --json`: what the published schema says, whole, alone on standard output, and never half a file."""

import json
from importlib.resources import files

import pytest

from gradcheck import Case, report_case
from gradcheck.report.events import CaseDone, CaseName, RunDone, RunStarted

from .conftest import ALL, RIGHT, WRONG, run_gate, run_process, write_cases

SCHEMA = json.loads(files("gradcheck.report").joinpath("schema.json").read_text())


def undescribed(value, schema, path="run"):
    """Every key of a document that its schema says nothing of."""
    if "$ref" in schema:
        yield from undescribed(value, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], path)
    for choice in schema.get("anyOf", ()):
        if value is not None and choice.get("type") != "null":
            yield from undescribed(value, choice, path)
    if isinstance(value, dict) and "properties" in schema:
        for key, inner in value.items():
            if key not in schema["properties"]:
                yield f"{path}.{key}"
            else:
                yield from undescribed(inner, schema["properties"][key], f"{path}.{key}")
    for number, inner in enumerate(value if isinstance(value, list) and "items" in schema else ()):
        yield from undescribed(inner, schema["items"], f"{path}[{number}]")


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    """What the command printed, and the lines of the case file."""
    folder = tmp_path_factory.mktemp("answer")
    lines = write_cases(folder, ALL).read_text().splitlines()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        ran = run_gate("mine.py", "--json", "-")
    assert ran.exit_code == 1, ran.stderr
    return ran.stdout, lines


@pytest.fixture
def document(answer):
    return json.loads(answer[0])


def test_it_is_what_the_schema_says(document):
    jsonschema = pytest.importorskip("jsonschema", reason="of the test extra")
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(document, SCHEMA)


def test_the_schema_says_all_that_is_in_it(document):
    assert list(undescribed(document, SCHEMA)) == []
    assert list(undescribed({"cases": [{"nonsense": 1}]}, SCHEMA)) == ["run.cases[0].nonsense"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["version"], 2),
        (["exit_code"], 4),
        (["cases", 0, "verdict"], "fine"),
        (["cases", 1, "report", "findings", 0, "code"], "301"),
        (["cases", 1, "line"], 0),
        (["counts"], {"correct": 1}),
    ],
)
def test_the_schema_refuses_what_is_not_so(document, path, value):
    jsonschema = pytest.importorskip("jsonschema", reason="of the test extra")
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, SCHEMA)


def test_each_case_has_its_place_and_its_verdict(document, answer):
    rows = {row["name"]: row for row in document["cases"]}
    assert {name: row["verdict"] for name, row in rows.items()} == {
        "right": "correct",
        "bad": "wrong",
        "linear": "wrong",
        "vacuous": "inconclusive",
        "broken": "error",
    }
    assert document["counts"] == {"correct": 1, "wrong": 2, "inconclusive": 1, "known": 0, "error": 1, "not_run": 0}
    assert document["exit_code"] == 1
    assert {(row["target"], row["file"], row["number"]) for row in rows.values()} == {("mine.py", "mine.py", 0)}
    written = {name: answer[1][row["line"] - 1].strip() for name, row in rows.items()}
    assert written["right"] == written["bad"] == "def op(x):"
    assert written["linear"] == "def linear(x, w, b):"
    assert "pair (y, vjp)" in rows["broken"]["error"]
    assert rows["broken"]["report"] is None
    finding = rows["linear"]["report"]["findings"][0]
    assert (finding["code"], finding["argument"], finding["where"]["code"]) == ("GC301", "b", "dy.mean(0)")


def test_standard_output_holds_nothing_else(case_file, tmp_path):
    shouts = "import os, sys\nprint('from Python')\nos.write(1, b'from C')\n"
    loud = "def loud(x):\n    print('op')\n    return x, lambda dy: (dy,)\nCASES = [Case(loud, '(n)->(n)')]\n"
    case_file(shouts + loud + RIGHT)
    ran = run_process(tmp_path, "mine.py", "--json", "-", "--in-process")
    assert json.loads(ran.stdout)["counts"]["correct"] == 2
    assert {"from Python", "from C", "op"} <= set(ran.stderr.replace("from C", "from C\n").splitlines())
    ran = run_process(tmp_path, "mine.py", "--json", "-")
    assert json.loads(ran.stdout)["counts"]["correct"] == 2
    assert "op\n" in json.loads(ran.stdout)["cases"][0]["printed"]
    assert "2 correct" in ran.stderr


def test_the_same_in_a_file(case_file, gate, tmp_path):
    case_file(RIGHT + WRONG)
    ran = gate("mine.py", "--json", "answer.json")
    assert "1 correct, 1 wrong" in ran.stdout
    data = json.loads((tmp_path / "answer.json").read_text())
    again = json.loads(gate("mine.py", "--json", "-").stdout)

    def timeless(document):
        document.pop("seconds")
        for row in document["cases"]:
            row.pop("seconds")
        return document

    assert timeless(data) == timeless(again)


def test_no_number_is_infinite_or_nan(case_file, gate):
    case_file("def out(x):\n    return x, lambda dy: (dy * np.inf,)\nbad = Case(out, '(n)->(n)')\n" + ALL)
    text = gate("mine.py", "--json", "-").stdout

    def refuse(word):
        raise AssertionError(word)

    data = json.loads(text, parse_constant=refuse)
    assert data["cases"][0]["verdict"] == "wrong"


def test_names_of_any_letters():
    names = ['quote " and \\', "line\nbreak", "\x1b[31mred", "\udc80 surrogate", "</script>", "ü\u2028"]
    cases = [Case(lambda x: (x, lambda dy: (dy,)), "(n)->(n)", name=name) for name in names]
    from gradcheck.gate.writers.as_json import as_json

    done = RunDone(len(cases), (), 0.0)
    text = as_json(RunStarted(tuple(CaseName("mine.py", str(case)) for case in cases), 1, 0), done)
    assert text.isascii()
    assert [row["name"] for row in json.loads(text)["not_run"]] == [str(case) for case in cases]


def test_what_was_not_reached_is_named():
    reached, left = CaseName("mine.py", "a"), CaseName("mine.py", "a", 1)
    from gradcheck.gate.writers.as_json import run_data

    report = report_case(Case(lambda x: (x, lambda dy: (dy,)), "(n)->(n)"), examples=2)
    done = RunDone(2, (CaseDone(reached, 0.1, report),), 0.1, interrupted=True)
    data = run_data(RunStarted((reached, left), 2, 0), done)
    assert (data["exit_code"], data["interrupted"], data["counts"]["not_run"]) == (3, True, 1)
    assert [row["number"] for row in data["not_run"]] == [1]
