"""A folder in which pytest runs as a process of its own, with the plugin found as an installed one is found."""

import textwrap
from importlib.metadata import entry_points

import pytest

from tests.command import OPS, PYTEST, ROOT, finished, plain_environment

CASES = """
from gradcheck import Case
from ops import sine, square

RIGHT, BAD = Case(sine(1), "(n)->(n)", name="right"), Case(sine(2), "(n)->(n)", name="bad")
"""


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """For PYTHONPATH: our own files, and the metadata of an installed plugin where this one is not installed."""
    folder = tmp_path_factory.mktemp("site")
    if not any(point.value == "_gradcheck_pytest" for point in entry_points(group="pytest11")):
        info = folder / "gradcheck_plugin-0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: gradcheck-plugin\nVersion: 0\n")
        (info / "entry_points.txt").write_text("[pytest11]\ngradcheck = _gradcheck_pytest\n")
        return [str(folder), str(ROOT)]
    return [str(folder)]


_QUICK = ("-p", "no:hypothesispytest")


class Project:
    """A folder of tests."""

    def __init__(self, folder, site):
        self.folder, self.site = folder, site

    def write(self, **files):
        """Write files by name; two underscores stand for a dot, ``ops`` for ``ops.py``."""
        for name, text in files.items():
            path = self.folder / (name.replace("__", ".") if "__" in name else f"{name}.py")
            path.write_text(textwrap.dedent(text))

    def pytest(self, *arguments, examples=8, **environment):
        """Run pytest, without what only takes time; its output and exit code."""
        few = [f"--gradcheck-examples={examples}"] if examples else []
        plain = plain_environment(*self.site, PY_COLORS="0", COLUMNS="120")
        done = finished(self.folder, [*PYTEST, *_QUICK, *few, *arguments], plain | environment)
        return Output(done.returncode, done.stdout, done.stderr)


class Output:
    """What a run of pytest printed, and its exit code."""

    def __init__(self, code, text, errors):
        self.code, self.text, self.errors = code, text, errors

    def outcomes(self):
        """The last line as numbers by word."""
        last = next(line for line in reversed(self.text.splitlines()) if " in " in line).strip("= ")
        pairs = (part.split()[:2] for part in last.partition(" in ")[0].split(", "))
        return {word.rstrip("s"): int(count) for count, word in pairs if count.isdigit()}

    def section(self):
        """The lines of the section of gradcheck; none where there is none."""
        lines = self.text.splitlines()
        starts = [number for number, line in enumerate(lines) if line.strip("= ") == "gradcheck"]
        assert len(starts) < 2, self.text
        if not starts:
            return []
        rest = lines[starts[0] + 1 :]
        return rest[: next(number for number, line in enumerate(rest) if line.startswith("="))]


@pytest.fixture
def project(tmp_path, site):
    """A folder with some ops, a right and a wrong one, in `ops.py`."""
    made = Project(tmp_path, site)
    made.write(ops=OPS)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return made
