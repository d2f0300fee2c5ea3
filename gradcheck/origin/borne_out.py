"""Whether a value is what its name says: with the true gradient of that in its place, something wrong is right.

A name is a guess. ``dx`` may be a step of a grid, ``gs`` the first share of a sum, ``da`` the half of a cotangent. That
a value is not the gradient of what it is called after means nothing until what follows has taken it for that.
"""

from __future__ import annotations

from gradcheck.protocol.dtypes import as_numbers

from .above import above
from .history import Version
from .limits import NAMESAKES, RETURNED, TELLING
from .put_right import put_right_for_now
from .states import Output, Run, State
from .truth import Site


def bears_out(run: Run, version: Version) -> bool:
    """Whether what follows takes a value that is wrong by its name alone for what the name says.

    One that is returned as it is needs no name; where the truth has too many entries, the name is all there is.
    """
    sites = run.means[version.number][-NAMESAKES:]
    returned = version.place.spot >= RETURNED or any(output.version is version for output in run.outputs)
    if returned or any(site.truth is None for site in sites):
        return True
    return any(_mends_something(run, version, site) for site in sites)


def _is_mended(output: Output, leaf: object) -> bool:
    """Whether a gradient is right now, or but for one factor: some let the ``1/m`` of a mean enter at the end."""
    array = as_numbers(leaf)
    if array is None:
        return False
    return output.is_met_by(array) or (array.size >= TELLING and output.site.factor(array) not in (None, 0.0))


def _mends_something(run: Run, version: Version, site: Site) -> bool:
    """Whether a wrong gradient, or a value that is wrong by its name too, is right with the truth in place of this."""
    heirs = [v for v in run.backward if run.state(v) is State.WRONG and any(one is version for one in above([v]))]
    with put_right_for_now(run, version, site) as there:
        if not there:
            return True
        leaves, read = run.rerun.backward(run.rerun.cotangents, wanted=[v.place for v in heirs])
        if leaves is not None and run.history.raised_in:
            return True
        wrong = [output for output in run.outputs if output.state is State.WRONG]
        if leaves is not None and any(_is_mended(output, leaves[output.position]) for output in wrong):
            return True
        return any(run.is_met(v, read[v.place]) for v in heirs if v.place in read)
