"""The true value in the place of a wrong one, for good or for one question."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gradcheck.numerics.limits import GOES_AWAY

from .history import Version
from .limits import RETURNED
from .states import Run
from .truth import Site


def put_right(run: Run, version: Version, site: Site) -> bool:
    """Put the true value in the place of a wrong one for good, where it is known."""
    if version.place.spot >= RETURNED or version.place in run.rerun.mended or site.truth is None:
        return False
    run.rerun.mended[version.place] = site.truth.gradient / run.scale(version)
    run.rerun.slack = max(run.rerun.slack, GOES_AWAY * site.truth.error)
    return True


@contextmanager
def put_right_for_now(run: Run, version: Version, site: Site) -> Iterator[bool]:
    """The same as long as one question is asked."""
    mended, slack = dict(run.rerun.mended), run.rerun.slack
    try:
        yield put_right(run, version, site)
    finally:
        run.rerun.mended, run.rerun.slack = mended, slack
