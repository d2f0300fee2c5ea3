"""The page as it is built: the wheel of this checkout, the code that the suite runs, every file that it asks for."""

import re
import subprocess
import sys
import tomllib
from html.parser import HTMLParser
from zipfile import ZipFile

import pytest

from .page import CODE, PRINTED, ROOT


class Built(HTMLParser):
    """What a browser makes of the page: the text of its blocks, and its scripts."""

    def __init__(self, html):
        super().__init__()
        self.blocks, self.scripts, self.inside = [], [], False
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        if tag == "pre":
            self.inside = True
            self.blocks.append("")
        elif tag == "script":
            self.scripts.append(dict(attributes))

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "pre"

    def handle_data(self, data):
        if self.inside:
            self.blocks[-1] += data


@pytest.fixture(scope="module")
def built(site):
    return Built((site / "try_it" / "index.html").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def script(built):
    (found,) = [script for script in built.scripts if "try_it/page.js" in (script.get("src") or "")]
    return found


def test_its_code_is_what_the_suite_runs(built):
    assert built.blocks == [CODE, PRINTED]


def test_every_file_that_it_asks_for_is_there(site, script):
    folder = (site / "try_it" / script["src"]).resolve().parent
    asked = [script["data-wheel"], *re.findall(r'address\("(.+?)"\)', (folder / "page.js").read_text())]
    asked += re.findall(r'fetch\("(.+?)"\)', (folder / "worker.js").read_text())
    assert [name.rpartition(".")[2] for name in asked] == ["whl", "js", "js", "json"]
    assert [name for name in asked if not (folder / name).is_file()] == []


def test_the_wheel_is_of_this_checkout(site, script):
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert script["data-wheel"] == f"gradcheck-{version}-py3-none-any.whl"
    with ZipFile(site / "_static" / "try_it" / script["data-wheel"]) as wheel:
        packed = {name: wheel.read(name) for name in wheel.namelist() if name.startswith("manual_bp/")}
    here = {str(path.relative_to(ROOT)): path.read_bytes() for path in (ROOT / "manual_bp").rglob("*.py")}
    assert len(here) > 100
    assert {name: text for name, text in packed.items() if name.endswith(".py")} == here


def test_what_is_in_the_wheel_prints_what_the_page_says(site, script, tmp_path):
    """Under this Python; the browser's is asked in test_browser.py."""
    wheel = site / "_static" / "try_it" / script["data-wheel"]
    with ZipFile(wheel) as packed:
        packed.extractall(tmp_path)
    check = f"import manual_bp; assert manual_bp.__file__.startswith({str(tmp_path)!r})"
    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {check}\n{CODE}"
    run = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == PRINTED
