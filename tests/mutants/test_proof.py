"""The fates of mutants: killed by a law, set apart by numbers, or survived where the gate is weak."""

from dataclasses import replace

import numpy as np
import pytest

from gradcheck import Case
from gradcheck.gate.loading import load_cases
from gradcheck.generation import Example, judge_example, search
from gradcheck.laws import LAWS
from gradcheck.mutants import judging
from gradcheck.mutants.equivalence import differing
from gradcheck.mutants.groups import _sampled, group_cases
from gradcheck.mutants.judging import Fate, Judged, _both_unknown, judge_mutant
from gradcheck.mutants.proof import Mutant, Proof, Settings, prove, ready, rehearse_all, score
from gradcheck.source.edit import Edit
from gradcheck.workers import Stop, Stopped, Task, contained
from gradcheck.workers.task import Loaded

from .files import CLOSURE, PAIR


def product(backward):
    def op(x, w):
        return x * w, lambda dy: backward(x, w, dy)

    return Case(op, "(n),(n)->(n)")


RIGHT = product(lambda x, w, dy: (dy * w, dy * x))


def fate_of(case, original=RIGHT, examples=40, laws=LAWS):
    return judge_mutant(Loaded([original], [case], lambda code: True), (0,), examples, 0, laws)


def remembering():
    seen = []

    def backward(x, w, dy):
        seen.append(1)
        return dy * w * (1 + (len(seen) > 5)), dy * x

    return backward


def overwriting(x, w, dy):
    dw = dy * x
    dy *= w
    return dy.copy(), dw


@pytest.mark.parametrize(
    ("backward", "code"),
    [
        (lambda x, w, dy: (dy * x, dy * w), "GC301"),
        (lambda x, w, dy: (w, dy * x), "GC201"),
        (lambda x, w, dy: (dy * w, None), "GC104"),
        (lambda x, w, dy: (dy * w,), "GC103"),
        (lambda x, w, dy: ((dy * w)[None], dy * x), "GC105"),
        (lambda x, w, dy: ((dy * w).astype(np.float32), dy * x), "GC106"),
        (overwriting, "GC204"),
    ],
)
def test_a_mutant_is_killed_by_the_law_it_breaks(backward, code):
    judged = fate_of(product(backward))
    assert judged.fate is Fate.KILLED
    assert judged.code == code


@pytest.mark.parametrize(
    "backward",
    [
        lambda x, w, dy: (w * dy, x * dy),
        lambda x, w, dy: (dy * w * 3 / 3, dy * x + 0.0),
        lambda x, w, dy: (np.exp(np.log(2.0)) * (dy * w) / 2, dy * x),
    ],
)
def test_what_differs_by_rounding_alone_is_equivalent(backward):
    assert fate_of(product(backward)).fate is Fate.EQUIVALENT


@pytest.mark.parametrize(
    "backward",
    [
        lambda x, w, dy: (dy * w * (1 + 1e-9), dy * x),
        lambda x, w, dy: (dy * w + 0j, dy * x),
        lambda x, w, dy: (np.where(x == 0, 0.0, dy * w), dy * x),
        lambda x, w, dy: (dy * w, np.where(np.abs(x) > 30, 0.0, dy * x)),
        overwriting,
        remembering(),
        lambda x, w, dy: (x, w),
        lambda x, w, dy: [dy * w, dy * x],
        lambda x, w, dy: 1 / 0,
    ],
)
def test_what_differs_anywhere_is_not_equivalent(backward):
    assert next(differing(RIGHT, product(backward), 100, 0), None) is not None


def test_what_shares_memory_is_not_equivalent():
    def sum_of(backward):
        return Case(lambda x, w: (x + w, backward), "(n),(n)->(n)")

    apart = sum_of(lambda dy: (dy.copy(), dy.copy()))
    assert next(differing(apart, sum_of(lambda dy: (dy * 1, dy + 0)), 40, 0), None) is None
    assert next(differing(apart, sum_of(lambda dy: (dy, dy.copy())), 40, 0), None) is not None


def test_memory_that_is_shared_is_a_hazard_and_no_other_gradient():
    apart = Case(lambda x: (x + 1, lambda dy: (dy.copy(),)), "(n)->(n)")
    judged = fate_of(Case(lambda x: (x + 1, lambda dy: (dy,)), "(n)->(n)"), apart)
    assert judged.fate is Fate.EQUIVALENT
    assert "GC205" in judged.message


def relu(slope):
    return Case(lambda x: (np.maximum(x, 0), lambda dy: (slope(x) * dy,)), "(n)->(n)")


def test_another_subgradient_is_another_right_choice():
    right = relu(lambda x: (x > 0) * 1.0)
    judged = fate_of(relu(lambda x: (x >= 0) * 1.0), right, 100)
    assert judged.fate is Fate.EQUIVALENT
    assert "kinks" in judged.message
    assert fate_of(relu(lambda x: (x > 0) + 2.0 * (x == 0)), right, 100).fate is Fate.KILLED


def clipped(slope):
    """Far from 0 both bounds are within every step, so that nobody can tell which side of them an entry is on."""
    return Case(lambda x: (np.clip(x, 0, 6), lambda dy: (slope(x) * dy,)), "(m,n)->(m,n)")


def inside(x):
    return (x > 0) & (x < 6)


def test_an_example_that_nobody_can_judge_does_not_speak_against_another_subgradient():
    right, other = clipped(inside), clipped(lambda x: (x >= 0) & (x < 6))
    told = [judge_example(other, difference.example) for difference in differing(right, other, 100, 0)]
    assert any(report.verdict == "inconclusive" and "GC903" not in codes(report) for report in told)
    judged = fate_of(other, right, 100)
    assert judged.fate is Fate.EQUIVALENT
    assert "kinks" in judged.message


@pytest.mark.parametrize(
    "slope",
    [
        lambda x: inside(x) | ((x == 0) & (np.abs(x).max(initial=0) > 1e6)),
        lambda x: (
            ((x >= 0) & (x < 6)) * (1 + 3e-14)
        ),  # more is called wrong at some draws, less is the same to rounding
    ],
    ids=["only where nobody can judge", "elsewhere too"],
)
def test_what_differs_and_is_no_other_subgradient_is_not_excused(slope):
    assert fate_of(clipped(slope), clipped(inside), 100).fate is Fate.SURVIVED


def test_an_example_that_the_original_is_judged_at_speaks_against_a_mutant_that_is_not():
    example = Example({"m": 1, "n": 2}, plant="zeros")
    unknown = judge_example(clipped(inside), example)
    assert unknown.verdict == "inconclusive"
    assert _both_unknown(unknown, clipped(inside), example, LAWS)
    right = Case(lambda x: (x * 1, lambda dy: (dy * 1,)), "(m,n)->(m,n)")
    assert not _both_unknown(unknown, right, example, LAWS)


def codes(report):
    return {finding.code for finding in report.findings}


def test_a_weaker_gate_lets_mutants_live():
    """So the score can fall: with its laws the same gate kills the same mutants."""
    doubled, overwrites = product(lambda x, w, dy: (dy * w, dy * x * 2)), product(overwriting)
    assert fate_of(doubled).fate is fate_of(overwrites).fate is Fate.KILLED
    derivative = tuple(law for law in LAWS if law.code == "GC301")
    assert fate_of(doubled, laws=()).fate is Fate.UNDECIDED, "nothing was seen"
    assert fate_of(doubled, laws=derivative).fate is Fate.KILLED
    assert fate_of(overwrites, laws=derivative).fate is Fate.SURVIVED


def test_the_worst_of_several_cases_counts():
    equivalent, survivor = product(lambda x, w, dy: (w * dy, x * dy)), product(lambda x, w, dy: (dy * x, dy * x))
    loaded = Loaded([RIGHT, RIGHT], [equivalent, survivor], lambda code: True)
    assert judge_mutant(loaded, (0, 1), 40, 0).fate is Fate.KILLED
    assert judge_mutant(loaded, (0,), 40, 0).fate is Fate.EQUIVALENT


def proof(*fates):
    edit = Edit("name", "Sentence.", "file.py", "op", 1, 0, 1, "a", "b")
    return Proof(("case",), tuple(Mutant(edit, Judged(fate), "") for fate in fates), 0.0)


def test_the_score_counts_what_was_judged_and_is_not_equivalent():
    killed, survived, unreached, equivalent, undecided, stopped = Fate
    assert proof(killed, killed, equivalent, stopped).score == 100
    assert proof(killed, survived, undecided, killed).score == 50
    assert proof(killed, unreached, equivalent).score == 50
    assert proof(equivalent, stopped).score is None
    assert score([proof(killed), proof(survived, killed, killed)]) == 75
    assert len(proof(survived, undecided, stopped).holes) == 2


def test_a_sample_is_the_same_for_a_seed_and_in_the_order_of_the_file():
    edits = [Edit("name", "", "file.py", "op", line, line, line, "", "") for line in range(50)]
    first = _sampled(edits, seed=3, sample=7)
    assert first == _sampled(edits, seed=3, sample=7) != _sampled(edits, seed=4, sample=7)
    assert [edit.line for edit in first] == sorted(edit.line for edit in first)
    assert len(first) == 7
    assert len(_sampled(edits, seed=0, sample=70)) == len(_sampled(edits, seed=0, sample=0)) == 50


@pytest.fixture(scope="module")
def proofs(tmp_path_factory):
    """Two cases that share a backward, one with its own, one that is wrong as it stands; proved on two processes."""
    path = tmp_path_factory.mktemp("proved") / "proved_cases.py"
    path.write_text(
        CLOSURE
        + "single = Case(op, '(n),(n)->(n)', name='single', dtype='float32')\n"
        + PAIR.replace("case =", "other =")
        + "\ndef bad(x):\n    def bad_vjp(dy):\n        return (dy * 2,)\n    return x * 1, bad_vjp\n"
        + "wrong = Case(bad, '(n)->(n)')\n"
    )
    settings = Settings(examples=12)
    cases = load_cases([str(path)])
    grouped = group_cases(cases)
    with contained([str(path)], load_cases, jobs=2) as ask:
        rehearsed = rehearsals(grouped.groups, ask, settings)
        groups = [group for group in (ready(group, rehearsed, settings) for group in grouped.groups) if group]
        return list(prove(groups, cases, ask, settings)), rehearsed, grouped.refused


def rehearsals(groups, ask, settings):
    return {(index, path): found for index, path, found in rehearse_all(groups, ask, settings)}


def test_cases_that_share_a_backward_are_proved_together(proofs):
    found, _, refused = proofs
    assert [proof.cases for proof in found] == [("op", "single"), ("pair",)]
    assert refused == {}


def test_every_mutant_has_a_fate_and_a_diff(proofs):
    found, _, _ = proofs
    for proof in found:
        assert len(proof.mutants) > 20
        assert proof.score == 100, [mutant.diff for mutant in proof.holes]
        assert proof.count(Fate.STOPPED) == 0
        lines = [mutant.edit.line for mutant in proof.mutants]
        assert lines == sorted(lines)
        assert all(mutant.diff.startswith("--- a/") for mutant in proof.mutants)
        assert {mutant.judged.code for mutant in proof.mutants if mutant.judged.fate is Fate.KILLED} >= {"GC301"}


def test_a_case_that_is_wrong_as_it_stands_is_not_proved(proofs):
    _, rehearsed, _ = proofs
    refusals = [rehearsal.refusal for rehearsal in rehearsed.values() if rehearsal.refusal]
    assert len(refusals) == 1
    assert "wrong as it stands" in refusals[0]


def test_a_stopped_mutant_is_neither_killed_nor_survived(tmp_path):
    path = tmp_path / "looping_cases.py"
    path.write_text(
        "from gradcheck import Case\n\n\ndef op(x):\n    def op_vjp(dy):\n        n = 4\n        while n != 0:\n"
        "            n -= 2\n        return (dy * 2,)\n\n    return x * 2, op_vjp\n\n\ncase = Case(op, '(n)->(n)')\n"
    )
    settings = Settings(examples=12, seconds=1.0)
    cases = load_cases([str(path)])
    groups = group_cases(cases).groups
    with contained([str(path)], load_cases, jobs=2) as ask:
        rehearsed = rehearsals(groups, ask, settings)
        groups = [ready(group, rehearsed, settings) for group in groups]
        (found,) = prove(groups, cases, ask, settings)
    stopped = [mutant for mutant in found.mutants if mutant.judged.fate is Fate.STOPPED]
    assert stopped
    assert {mutant.judged.code for mutant in stopped} == {"timeout"}
    assert found.score == 100


def test_a_server_that_cannot_load_says_so(tmp_path):
    path = tmp_path / "absent_cases.py"
    with contained([str(path)], load_cases, jobs=1) as ask:
        (outcome,) = ask([Task(str(path), "", len, 1.0)])
    assert isinstance(outcome, Stopped)
    assert outcome.why is Stop.INVALID
    assert "does not exist" in outcome.message


def test_the_verdict_alone_costs_less_and_is_the_same():
    ignoring = product(lambda x, w, dy: (w, x))
    whole, verdict = search(ignoring, 12, 0), search(ignoring, 12, 0, verdict_only=True)
    assert whole.verdict == verdict.verdict == "wrong"
    assert len(verdict.findings) == 1
    assert verdict.errors[0].code == whole.errors[0].code
    assert verdict.forwards < whole.forwards / 2
    assert search(RIGHT, 12, 0) == search(RIGHT, 12, 0, verdict_only=True)


def attend(keeps):
    """Attention by given scores, whose backward keeps its digits where one of them takes all, or does not."""

    def op(scores, value):
        top = scores.argmax(axis=-1, keepdims=True)
        p = np.exp(scores - np.take_along_axis(scores, top, axis=-1))
        p /= p.sum(axis=-1, keepdims=True)

        def vjp(dy):
            dp = dy @ value.T
            if keeps:
                dp -= np.take_along_axis(dp, top, axis=-1)
            return p * (dp - (p * dp).sum(axis=-1, keepdims=True)), p.T @ dy

        return p @ value, vjp

    return op


@pytest.mark.parametrize("asked", [True, False])
def test_a_survivor_is_asked_where_digits_are_few_whatever_its_numbers_are_to_rounding(asked, monkeypatch):
    torch = pytest.importorskip("torch")

    class Keeping(torch.autograd.Function):
        @staticmethod
        def forward(ctx, scores, value):
            p = torch.softmax(scores, -1)
            ctx.save_for_backward(p, value)
            return p @ value

        @staticmethod
        def backward(ctx, dy):
            p, value = ctx.saved_tensors
            dp = dy @ value.T
            dp = dp - dp.gather(-1, p.argmax(-1, keepdim=True))
            return p * (dp - (p * dp).sum(-1, keepdim=True)), p.T @ dy

    def cases(keeps):
        wide = Case(attend(keeps), "(m,k),(k,d)->(m,d)", sizes={"k": (1, None)}, name="wide")
        return [wide, replace(wide, reference=Keeping.apply, dtype="float32", name="narrow")]

    def to_rounding(original, case, examples, seed):
        return iter(()) if case.name == "narrow" else differing(original, case, examples, seed)

    monkeypatch.setattr(judging, "differing", to_rounding)
    if not asked:
        monkeypatch.setattr(judging, "is_low", lambda _: False)
    judged = judge_mutant(Loaded(cases(True), cases(False), lambda code: True), (0, 1), 40, 0)
    assert (judged.fate, judged.case) == ((Fate.KILLED, "narrow") if asked else (Fate.SURVIVED, "wide"))
