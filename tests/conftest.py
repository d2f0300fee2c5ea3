"""Hypothesis profiles, registered explicitly: the same examples everywhere, or fresh ones on request.

What the gate keeps between runs goes to a folder of this session: the last failures of a user are none of a test's.
Plugins of Hypothesis are left out, here and in every process that a test starts: trio, which selenium brings, has one
that imports trio and pytest into each of them, a quarter of what a short command takes.
"""

import gc
import os
import tempfile

import pytest

os.environ["HYPOTHESIS_NO_PLUGINS"] = "1"
from hypothesis import settings

CACHE = tempfile.TemporaryDirectory(prefix="gradcheck-tests-")
os.environ["XDG_CACHE_HOME"] = CACHE.name

settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
settings.register_profile("fresh", derandomize=False, deadline=None, max_examples=1000)
settings.load_profile("fixed")

os.environ["GRADCHECK_FAULTS"] = "raise"  # a fault of the diagnosis is no remark here, but an error


def pytest_collection_finish(session):
    """What has been imported stays: the garbage collector need not look through torch and jax again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def unexplained(request, monkeypatch):
    """Verdicts, findings and numbers alone, for modules that look at nothing else.

    The line, the cause and the pictures of what is wrong take several times as long as the verdict, which they never
    change (`checker/test_explaining.py`). A test of such a module that looks at more, or shows that an op can be
    explained at all, is marked as `explained`.
    """
    if request.node.get_closest_marker("explained"):
        return
    monkeypatch.setattr("gradcheck.check.explained", lambda case, report, example, seconds: report)
    for place in ("origin.with_origins_at", "diagnosis.diagnose_point", "evidence.with_evidence_at"):
        monkeypatch.setattr(f"gradcheck.{place}", lambda case, report, *_: report)
