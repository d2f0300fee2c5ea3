"""What is wrong is explained after it has been judged: that changes no verdict and no finding, and can be left out."""

import numpy as np

from gradcheck import Case, report_case, report_vjp


def product(x, w):
    def product_vjp(dy):
        return dy * x, dy * x

    return x * w, product_vjp


def bias(x, b):
    return x + b, lambda dy: (dy, dy.mean(0))


def stale(x, kept=[]):  # noqa: B006 - that is the mistake
    kept.append(x)
    return x * x, lambda dy: (2 * kept[0] * dy if len(kept) < 9 else 3 * x * dy,)


CASES = [Case(product, "(n),(n)->(n)"), Case(bias, "(n,d),(d)->(n,d)"), Case(lambda x: stale(x), "(n)->(n)")]
POINT = np.array([0.5, -1.0, 2.0])


def judged():
    """What does not depend on an explanation, of each case and of one point; and whether something was explained."""
    reports = [report_case(case) for case in CASES] + [report_vjp(product, POINT, POINT + 1)]
    kept = [
        (
            r.verdict,
            [(f.code, f.severity, f.argument, f.index, f.claimed, f.expected) for f in r.findings],
            dict(r.floor),
        )
        for r in reports
    ]
    return kept, [r.evidence is not None for r in reports]


def test_without_it_verdict_and_findings_are_the_same(request):
    kept, explained = judged()
    assert all(explained)
    assert {verdict for verdict, *_ in kept} == {"wrong"}
    request.getfixturevalue("unexplained")
    again, explained = judged()
    assert again == kept
    assert not any(explained)
