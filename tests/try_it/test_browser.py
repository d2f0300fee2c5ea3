"""The page in headless Chromium: what it says where nothing can be loaded, and that it runs no file but the right ones.

Needs Debian's packages `chromium` and `chromium-driver`, Python's `selenium`, and Sphinx; without them it is skipped.
That it really computes is asked where PYODIDE names a folder with the files of `docs/static/try_it/files.json`: what
`npm pack pyodide@VERSION` packs, and NumPy's wheel, which the last address of that list leads to.
"""

import base64
import hashlib
import json
import os
import shutil
import socket
import threading
import time
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ..chromium import NEEDED, chromium
from .page import CODE, FILES, PRINTED, SLIPS, with_line

PYODIDE = os.environ.get("PYODIDE")
pytestmark = NEEDED

ALL_OF_IT = "--window-size=1280,3000"  # the theme scrolls slowly, and one cannot press what moves
PATIENCE = 60  # seconds, on a machine that does other things too
HARM = 'postMessage(["printed", "it was run"]);'


class Served(SimpleHTTPRequestHandler):
    """The files of a folder, to pages of other addresses too; what was asked for."""

    def __init__(self, *arguments, asked, **options):
        self.asked = asked
        super().__init__(*arguments, **options)

    def end_headers(self):
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()

    def do_GET(self):
        self.asked.append(self.path)
        super().do_GET()

    def log_message(self, *_):
        pass


@contextmanager
def serving(folder):
    """The address of a server of these files, and what it was asked for."""
    asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Served, directory=folder, asked=asked)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    with chromium(tmp_path_factory.mktemp("profile"), [ALL_OF_IT]) as made:
        yield made


class Page:
    """The page, with its files at other addresses: `elsewhere` is where they are said to be."""

    def __init__(self, driver, site, folder, elsewhere, checksums=None):
        self.driver, self.folder = driver, folder
        shutil.copytree(site, folder, dirs_exist_ok=True)
        names = {address.rpartition("/")[2]: checksum for address, checksum in FILES.items()} | (checksums or {})
        listed = {f"{elsewhere}/{name}": checksum for name, checksum in names.items()}
        (folder / "_static" / "try_it" / "files.json").write_text(json.dumps(listed))

    def open(self, address):
        self.driver.get(address)  # which may be back before the script of the page
        self.wait_for(lambda: self.driver.find_elements("css selector", ".try-it"))

    def one(self, selector):
        return self.driver.find_element("css selector", selector)

    def button(self, name):
        (found,) = [one for one in self.driver.find_elements("css selector", ".try-it button") if one.text == name]
        return found

    @property
    def said(self):
        return self.one(".try-it [role=status]").text

    @property
    def printed(self):
        return self.one(".highlight-text pre").get_attribute("textContent")

    def run(self, code=None):
        """Press the button and wait until it can be pressed again."""
        if code is not None:
            self.driver.execute_script("arguments[0].value = arguments[1]", self.one(".try-it textarea"), code)
        self.button("Run").click()
        self.wait_for(lambda: self.button("Run").is_enabled())

    def wait_for(self, condition):
        ends = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < ends, f"{PATIENCE} s have passed"
            time.sleep(0.05)


@pytest.fixture
def page(driver, site, tmp_path):
    return partial(Page, driver, site, tmp_path / "site")


def unused_port():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        return closed.getsockname()[1]


def test_the_code_of_the_page_is_in_the_editor_and_nothing_is_loaded(page):
    with serving(page.args[2]) as (address, asked):
        shown = page(f"{address}/cdn")
        shown.open(f"{address}/try_it/")
        assert shown.one(".try-it textarea").get_attribute("value") == CODE
        assert shown.printed == PRINTED
        assert shown.button("Run").is_enabled()
        assert [path for path in asked if "cdn" in path or "worker" in path or path.endswith(".whl")] == []


def test_without_a_network_it_says_so_and_can_be_asked_again(page):
    """In one sentence or two that name the address; what it shows stays."""
    with serving(page.args[2]) as (address, _):
        elsewhere = f"http://127.0.0.1:{unused_port()}"
        shown = page(elsewhere)
        shown.open(f"{address}/try_it/")
        for _ in range(2):
            shown.run()
            assert shown.said.startswith(f"{elsewhere}/pyodide.js could not be loaded: there is no network, ")
            assert "\n" not in shown.said
            assert shown.printed == PRINTED


def test_where_nobody_answers_it_does_not_hang(page):
    """A server that takes the question and never answers it."""
    with socket.create_server(("127.0.0.1", 0)) as silent, serving(page.args[2]) as (address, _):
        shown = page(f"http://127.0.0.1:{silent.getsockname()[1]}")
        worker = shown.folder / "_static" / "try_it" / "worker.js"
        text = worker.read_text()
        assert "const SECONDS = 20;" in text
        worker.write_text(text.replace("const SECONDS = 20;", "const SECONDS = 0.5;"))
        shown.open(f"{address}/try_it/")
        shown.run()
        assert "could not be loaded" in shown.said


def test_stop_ends_what_does_not_end(page):
    with socket.create_server(("127.0.0.1", 0)) as silent, serving(page.args[2]) as (address, _):
        shown = page(f"http://127.0.0.1:{silent.getsockname()[1]}")
        shown.open(f"{address}/try_it/")
        shown.button("Run").click()
        assert not shown.button("Run").is_enabled()
        assert shown.said.startswith("Loading ")
        shown.button("Stop").click()
        assert shown.said == "Stopped."
        assert shown.button("Run").is_enabled()


@pytest.mark.parametrize("listed", [False, True])
def test_a_file_that_is_not_the_listed_one_is_not_run(page, tmp_path, listed):
    """With its checksum in the list the same file is run, so it is the checksum that keeps it out."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "pyodide.js").write_text(HARM)
    digest = base64.b64encode(hashlib.sha384(HARM.encode()).digest()).decode()
    with serving(page.args[2]) as (address, _), serving(elsewhere) as (other, asked):
        shown = page(other, {"pyodide.js": f"sha384-{digest}"} if listed else None)
        shown.open(f"{address}/try_it/")
        shown.run()
        assert "/pyodide.js" in asked
        assert shown.printed.endswith("it was run") is listed
        assert shown.said.startswith(f"{other}/pyodide{'.asm' if listed else ''}.js could not be loaded: ")


def test_the_code_can_be_put_back(page):
    with serving(page.args[2]) as (address, _):
        shown = page(address)
        shown.open(f"{address}/try_it/")
        shown.one(".try-it textarea").send_keys("1 / 0")
        assert shown.one(".try-it textarea").get_attribute("value") != CODE
        shown.button("Put the code back").click()
        assert shown.one(".try-it textarea").get_attribute("value") == CODE


def test_opened_as_a_file_it_says_what_is_needed(page):
    shown = page("http://127.0.0.1")
    shown.open((shown.folder / "try_it" / "index.html").as_uri())
    assert "python -m http.server" in shown.said
    assert not shown.button("Run").is_enabled()
    assert shown.printed == PRINTED


@pytest.mark.skipif(not PYODIDE, reason="needs PYODIDE, a folder with Pyodide and its NumPy; see the top of this file")
def test_it_computes(page):
    with serving(page.args[2]) as (address, _), serving(PYODIDE) as (elsewhere, asked):
        shown = page(elsewhere)
        shown.open(f"{address}/try_it/")
        shown.run()
        assert (shown.said, shown.printed) == ("Done.", PRINTED)
        names = [address.rpartition("/")[2] for address in FILES]
        assert sorted(asked) == sorted(f"/{name}" for name in names)
        size = sum((Path(PYODIDE) / name).stat().st_size for name in names)
        assert f"{round(size / 1e6)} MB the first time" in (shown.folder / "_static" / "try_it" / "page.js").read_text()

        shown.run(with_line(SLIPS[0]))
        assert shown.said == "Done."
        assert shown.printed.splitlines()[1].endswith("0.0310956")

        shown.run("print('half', end='')\nx = 1 / 0\n")
        assert shown.said.startswith("Ended by an error")
        lines = shown.printed.splitlines()
        assert lines[0].startswith("halfTraceback")
        assert lines[-1] == "ZeroDivisionError: division by zero"
        assert '  File "mine.py", line 2, in <module>' in lines
        assert not any("_pyodide" in line for line in lines)

        shown.run("print('x' * 200_000)\nprint('y')\n")
        assert len(shown.printed) < 101_000
        assert shown.printed.endswith("… and more, which is not shown.\n")

        shown.run(DOCTESTS)
        assert shown.printed == "['manual_bp.linalg.slogdet']\n"  # 0. for -0.

        shown.driver.execute_script("document.querySelector('.try-it textarea').value = 'while True: pass'")
        shown.button("Run").click()
        shown.wait_for(lambda: shown.printed == "")
        shown.button("Stop").click()
        shown.run("print('again')")
        assert shown.printed == "again\n"


DOCTESTS = """
import doctest, importlib, io, contextlib, pkgutil, manual_bp
failed = []
for module in pkgutil.walk_packages(manual_bp.__path__, "manual_bp."):
    if not module.name.endswith("__main__"):
        with contextlib.redirect_stdout(io.StringIO()):
            if doctest.testmod(importlib.import_module(module.name)).failed:
                failed.append(module.name)
print(failed)
"""
"""The examples in the docstrings of the library, in the browser's Python of 32 bits."""
