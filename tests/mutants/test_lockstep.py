"""A function and its mutants at the same arguments: alike only where no bit differs, nor anything that is kept."""

import functools
import textwrap
from types import FunctionType

import numpy as np
import pytest

from gradcheck.gate.loading import load_cases
from gradcheck.mutants import infection
from gradcheck.mutants.closed import Inspection
from gradcheck.mutants.groups import group_cases
from gradcheck.mutants.judging import Fate
from gradcheck.mutants.lockstep import Lockstep, Run
from gradcheck.mutants.proof import Settings, prove, ready, rehearse_all, screen
from gradcheck.source.edit import Edit
from gradcheck.workers import Stop, Stopped, contained
from gradcheck.workers.task import Loaded


def followed(original, mutant, *calls):
    """Whether a mutant is alike after these calls, each a tuple of arguments."""
    lockstep = Lockstep(original, {0: mutant.__code__}, Run())
    with lockstep.standing_in():
        for arguments in calls:
            try:
                original(*arguments)
            except ValueError:
                continue
    return lockstep.alike == {0} and not lockstep.run.spoilt


def scaled(x, factor):
    return x * factor


@pytest.mark.parametrize(
    ("mutant", "alike"),
    [
        (lambda x, factor: factor * x, True),
        (lambda x, factor: x * factor if factor < 9 else x, True),  # what no call asks for
        (lambda x, factor: x * factor + 0.0, False),  # -0.0 becomes 0.0
        (lambda x, factor: x * (factor + 1e-16 * (x[0] > 0)), True),
        (lambda x, factor: np.nextafter(x * factor, 9), False),
        (lambda x, factor: (x * factor).astype(np.float32), False),
        (lambda x, factor: (x * factor)[None], False),
        (lambda x, factor: (x * factor)[::-1].copy()[::-1], False),  # the same numbers, laid out otherwise
        (lambda x, factor: (x * factor,), False),
        (lambda x, factor: [*(x * factor)], False),
        (lambda x, factor: np.multiply(x, factor, x), False),
        (lambda x, factor: x.__imul__(factor) / factor * factor, False),
        (lambda x, factor: 1 / 0, False),
        (lambda x, factor: None, False),
    ],
)
def test_alike_is_what_gives_the_same_bits_and_writes_nowhere_else(mutant, alike):
    original = _fresh(scaled)
    x = np.array([1.0, -2.0, 0.0])
    assert followed(original, mutant, (x, -2.0), (x, 3.0)) is alike
    assert x.tolist() == [1.0, -2.0, 0.0]


def test_what_cannot_be_put_back_spoils_the_run():
    original, run = _fresh(scaled), Run()
    writes = Lockstep(original, {0: (lambda x, factor: x.__imul__(factor)).__code__}, run)
    with writes.standing_in():
        original(np.ones(2), 2.0)
    assert not run.spoilt
    seals = Lockstep(original, {0: (lambda x, factor: x.setflags(write=False) or x * factor).__code__}, run)
    with seals.standing_in():
        original(np.ones(2), 2.0)
    assert run.spoilt


def _fresh(function):
    return FunctionType(function.__code__, globals(), function.__name__)


def same(x):
    return x


def copied(x):
    return x.copy()


@pytest.mark.parametrize(
    ("original", "mutant", "alike"),
    [
        (same, lambda x: x[:], False),
        (same, lambda x: x.copy(), False),
        (same, lambda x: np.asarray(x), True),
        (copied, lambda x: x, False),
        (copied, lambda x: +x, True),
        (lambda x: x[1:], lambda x: x[-2:], True),
        (lambda x: x[1:], lambda x: x[1:].copy(), False),
        (lambda x: (x[:1], x[1:]), lambda x: (x[:1], x[1:]), True),
        (lambda x: np.zeros(6)[::2], lambda x: np.zeros(9)[::3], False),
        (lambda x: x - x, lambda x: np.zeros(3, np.int64), False),
        (lambda x: (x + 1, x + 1), lambda x: (x + 1,) * 2, False),
    ],
)
def test_what_shares_memory_is_not_alike_to_what_does_not(original, mutant, alike):
    assert followed(_fresh(original), mutant, (np.array([1.0, 1.0, 1.0]),)) is alike


def filling(x, into):
    into[...] = 2 * x


@pytest.mark.parametrize(
    ("mutant", "alike"),
    [
        (lambda x, into: np.add(x, x, into) and None if x.size > 9 else filling(x, into), True),
        (lambda x, into: into.__setitem__(..., x + x), True),
        (lambda x, into: into.__setitem__(slice(1, None), (2 * x)[1:]), False),
        (lambda x, into: None, False),
    ],
)
def test_a_function_that_fills_an_array_is_followed_by_what_it_fills(mutant, alike):
    original, x, into = _fresh(filling), np.array([1.0, 2.0]), np.zeros(2)
    assert followed(original, mutant, (x, into)) is alike
    assert into.tolist() == [2.0, 4.0], "as the original left it, whatever the mutants wrote"


def refusing(x):
    if x.size > 1:
        raise ValueError(f"size {x.size}")
    return x


@pytest.mark.parametrize(
    ("mutant", "alike"),
    [
        (lambda x: x if x.size <= 1 else refusing(x), True),
        (lambda x: x, False),
        (lambda x: int("one") if x.size > 1 else x, False),  # another ValueError
    ],
)
def test_what_is_raised_is_compared_too(mutant, alike):
    calls = [(np.zeros(1),), (np.zeros(2),)]
    assert followed(_fresh(refusing), mutant, *calls) is alike


def helper(x):
    return 2 * x


def asking(op, x):
    return x * len(op.__name__)


def test_a_function_may_be_handed_over_but_not_called():
    x = np.ones(2)
    assert followed(_fresh(asking), lambda op, x: len(op.__name__) * x, (helper, x))
    assert not followed(_fresh(asking), lambda op, x: op(x) * 3, (helper, x))
    assert helper(1) == 2
    noted = _fresh(helper)
    noted.seen = []
    assert not followed(_fresh(asking), asking, (noted, x)), "it may keep something"


@pytest.mark.parametrize("argument", [[1.0], {"x": 1.0}, np.random.default_rng(0), np.array([None]), object()])
def test_what_cannot_be_looked_into_is_not_followed(argument):
    assert not followed(_fresh(same), same, (argument,))


_kept: dict[int, np.ndarray] = {}
_constants = (1.0, "name", np.float64(2.0))


def remembering(x):
    return _kept.setdefault(id(x), 2 * x)


def by_default(x, kept={}):  # noqa: B006 - on purpose
    kept[0] = x
    return x


def noting(x):
    helper.seen = x
    return x


def counting(x):
    global _kept
    _kept = {}
    return x


def drawing(x):
    return x + np.random.random()


def through_another(x):
    return remembering(x)


def yielding(x):
    yield x


def harmless(x):
    return np.where(x > 0, helper(x) * _constants[0], 0.0).sum(axis=0)


@functools.cache
def doubled(size):
    return np.full(size, 2.0)


@functools.lru_cache
def sealed(size):
    found = np.full(size, 2.0)
    found.flags.writeable = False
    return found


def test_what_can_keep_something_is_never_followed():
    for function in (remembering, by_default, noting, counting, drawing, through_another, yielding):
        assert not Inspection().is_closed(function), function.__name__
    assert not Inspection().is_closed((lambda kept: lambda x: kept.append(x))([]))
    for function in (harmless, helper, scaled, refusing, asking):
        assert Inspection().is_closed(function), function.__name__


@pytest.mark.parametrize(("reads", "count"), [("kept.get(0, x)", 0), ("(x, 0)[0]", 1)])
def test_where_the_original_can_keep_something_no_mutant_is_followed(reads, count):
    text = f"kept = {{}}\n\n\ndef function(x):\n    return {reads}\n"
    names = {}
    exec(compile(text, "function.py", "exec"), names)
    start = text.index(reads)
    edit = Edit("drop-call", "", "function.py", "function", 5, start, start + len(reads), reads, "x")
    loaded = Loaded([], [], lambda code: code is names["function"].__code__)
    assert len(infection._mutants(loaded, text, [edit], Inspection())) == count


@pytest.mark.parametrize(("cache", "fixed"), [(doubled, False), (sealed, True)])
def test_a_cache_is_harmless_where_nobody_can_write_into_what_it_hands_out(cache, fixed):
    source = "lambda x: x * cached(x.size)"
    function, inspection = eval(source, {"cached": cache}), Inspection()
    assert inspection.is_closed(function)
    assert inspection.caches_are_fixed()
    function(np.ones(3))
    assert inspection.caches_are_fixed() is fixed


SAMPLE = 14  # mutants of each function
PLANTED = textwrap.dedent(
    """
    import numpy as np
    from gradcheck import Case

    kept = {}


    def checked(dy, shape, dtype):
        return dy if type(dy) is np.ndarray and dy.dtype is dtype and dy.shape == shape else converted(dy, dtype)


    def converted(dy, dtype):
        return np.asarray(dy).astype(dtype, copy=False)


    def remembered(dy):
        if id(dy) not in kept:
            kept[id(dy)] = (dy, dy + dy)
        return kept[id(dy)][1]


    def double(x):
        def double_vjp(dy):
            dy = checked(dy, x.shape, x.dtype)
            return (2 * dy,)

        return 2 * x, double_vjp


    def triple(x):
        def triple_vjp(dy):
            dy = checked(dy, x.shape, x.dtype)
            return (dy + remembered(dy),)

        return 3 * x, triple_vjp


    cases = [Case(double, "(n)->(n)"), Case(triple, "(n)->(n)")]
    """
)


@pytest.fixture(scope="module")
def proved(tmp_path_factory):
    """The mutants of a helper that two cases share, and of one that keeps something: followed, and as ever."""
    path = str(tmp_path_factory.mktemp("shared") / "shared_cases.py")
    with open(path, "w") as file:
        file.write(PLANTED)
    cases, settings = load_cases([path]), Settings(examples=8)
    with contained([path], load_cases, jobs=1) as ask:
        rehearsed = {
            (index, where): one for index, where, one in rehearse_all(group_cases(cases).groups, ask, settings)
        }
        groups = [group for group in (ready(one, rehearsed, settings) for one in group_cases(cases).groups) if group]
        shared = next(place for place, group in enumerate(groups) if "checked" in group.name)
        followed = screen(groups, ask, settings)
        proofs = [prove([those[shared]], cases, ask, settings) for those in (followed, groups)]
        return followed, followed[shared], *(next(proof) for proof in proofs)


def test_every_fate_is_the_same_as_without_following(proved):
    _, _, short, long = proved
    assert short.mutants == long.mutants
    assert short.count(Fate.KILLED) > 1
    assert short.count(Fate.EQUIVALENT) > 1


def test_most_of_what_is_equivalent_need_not_be_asked(proved):
    _, group, proof, _ = proved
    assert len(group.indices) == 2
    equivalent = [mutant.judged.fate is Fate.EQUIVALENT for mutant in proof.mutants]
    assert sum(equivalent) > SAMPLE / 2
    spared = [alike == group.indices for alike in group.alike]
    assert sum(spared) > 0.9 * sum(equivalent)
    assert all(same for same, alike in zip(equivalent, spared, strict=True) if alike)


def test_a_helper_that_keeps_something_is_asked_as_ever(proved):
    followed, *_ = proved
    edits = [(edit, alike) for group in followed for edit, alike in zip(group.edits, group.alike, strict=True)]
    assert any(edit.function == "remembered" for edit, _ in edits)
    assert not any(alike for edit, alike in edits if edit.function == "remembered")


def test_a_screen_that_was_stopped_has_found_nothing(proved):
    followed, *_ = proved
    found = [(one, Stopped(Stop.TIMEOUT, "late")) for one in infection.screens_of(followed)]
    assert found
    assert not any(alike for group in infection.screened(followed, found) for alike in group.alike)
