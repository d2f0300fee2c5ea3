"""The page as Sphinx builds it: that page alone, which takes two seconds, with the configuration of all of them."""

import subprocess
import sys

import pytest

from .page import ROOT


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    pytest.importorskip("sphinx", reason="needs Sphinx; `tox -e docs` has it")
    folder = tmp_path_factory.mktemp("site")
    alone = ["-D", "root_doc=try_it", "-D", "include_patterns=try_it.md"]
    subprocess.run([sys.executable, "-m", "sphinx", "-Q", "-b", "dirhtml", *alone, ROOT / "docs", folder], check=True)
    return folder
