"""Words of the judgement: verdicts, and what stands between a number and one of them."""

from .word import Word

_SQUARE = """
        >>> import numpy as np
        >>> from gradcheck import report_vjp
        >>> def square(x, factor=2):
        ...     return x * x, lambda dy: (factor * x * dy,)"""

JUDGING = (
    Word(
        "verdict",
        "The answer of a check. `correct`: every gradient was seen, and none is wrong. `wrong`: one is, and no doubt "
        "excuses it. `inconclusive`: a mistake could not have been seen.",
        _SQUARE
        + """
        >>> str(report_vjp(square, np.array([1.0, -2.0])).verdict)
        'correct'
        """,
        ("verdicts", "correct", "wrong", "inconclusive"),
    ),
    Word(
        "finding",
        "One law that is broken, or a circumstance worth knowing: a code, the input, the place in it, both numbers. "
        "An error makes a verdict wrong; a hazard or a note does not.",
        _SQUARE
        + """
        >>> from functools import partial
        >>> [finding.code for finding in report_vjp(partial(square, factor=3), np.array([1.0])).findings]
        ['GC301']
        """,
        ("findings", "error"),
    ),
    Word(
        "hazard",
        "A finding that makes no verdict wrong and may spoil one all the same, as a forward that draws random "
        "numbers, or a gradient that shares its memory with an input.",
        """
        >>> from gradcheck.report import Severity
        >>> [severity.value for severity in Severity]
        ['error', 'hazard', 'note']
        """,
        ("hazards",),
    ),
    Word(
        "note",
        "The mildest finding: why a point could not decide something, such as a kink or a border of the domain.",
        """
        >>> from gradcheck.report import Severity
        >>> Severity.NOTE.rank > Severity.HAZARD.rank > Severity.ERROR.rank
        True
        """,
        ("notes",),
    ),
    Word(
        "law",
        "One thing that must hold of a correct backward, with a code: `GC1xx` is about its form, `GC2xx` about how "
        "it behaves, `GC3xx` about its values. `gradcheck explain GC301` says more of each.",
        """
        >>> from gradcheck.laws import law_of
        >>> law_of("GC105").sentence
        'The raw gradient of each input has the shape of that input, before anything broadcasts or sums it.'
        """,
        ("laws", "code"),
    ),
    Word(
        "floor",
        "The smallest relative error of a gradient that this very check would have seen, by input. A floor of 2e-12 "
        "says that one wrong in the eleventh digit would have been called wrong; one worse than 1e-3 shows nothing.",
        _SQUARE
        + """
        >>> report_vjp(square, np.array([1.0, -2.0])).floor["x"] < 1e-9
        True
        """,
        ("floors",),
    ),
    Word(
        "noise",
        "What rounding makes of a value: two computations of the same number differ in their last digits. It bounds "
        "how small a step of finite differences may be, and so how sharp a check is; it is measured, not assumed.",
        """
        >>> 0.1 + 0.2 - 0.3
        5.551115123125783e-17
        """,
        ("rounding",),
    ),
    Word(
        "spacing",
        "How far neighbouring numbers of a dtype are apart, relative to their size: 2e-16 in float64, 1e-7 in "
        "float32. A forward that computes in float32 inside has that spacing, whatever dtype it returns.",
        """
        >>> import numpy as np
        >>> float(np.finfo(np.float64).eps), float(np.finfo(np.float32).eps)
        (2.220446049250313e-16, 1.1920928955078125e-07)
        """,
        ("eps", "epsilon"),
    ),
    Word(
        "doubt",
        "One circumstance that could excuse a gradient that finite differences refute: a kink, noise, lost digits, "
        "the rounding of the backward. Each is asked, in one order, before anything is called wrong; a report says "
        "how many a wrong claim has survived.",
        """
        >>> from gradcheck.numerics import DOUBTS
        >>> DOUBTS[0].name
        'kink'
        """,
        ("doubts", "excuse"),
    ),
    Word(
        "vacuous",
        "Nothing could have been seen: the gradient is claimed to be zero, and the output does not move. A correct "
        "backward and one that always returns zeros look alike there, so the check is inconclusive.",
        """
        >>> relu = lambda x: max(x, 0.0)
        >>> (relu(-1.0 + 1e-3) - relu(-1.0 - 1e-3)) / 2e-3
        0.0
        """,
        ("unseen",),
    ),
    Word(
        "cause",
        "The mistake that explains the numbers, such as a missing mean: said where a pattern of a closed list holds. "
        "Without `likely` it held at further examples with other sizes, and nothing else explained them as well.",
        _SQUARE
        + """
        >>> from functools import partial
        >>> report_vjp(partial(square, factor=-2), np.array([1.0, -2.0, 0.5])).errors[0].cause
        'sign'
        """,
        ("likely cause", "causes"),
    ),
    Word(
        "made",
        "The line in which a mistake was made: the first one whose value is wrong while all that it reads is right. "
        "The lines after it only inherit it. It is certain where, with the true value in the place of the wrong one, "
        "everything that follows is right.",
        """
        >>> import numpy as np
        >>> from gradcheck.report import Made
        >>> sorted(Made.__dataclass_fields__)
        ['among', 'certain', 'factor', 'name', 'right', 'where']
        """,
        ("made at", "origin", "inherit"),
    ),
    Word(
        "grade",
        "How much of a backward is right, from 0 to 1, for courses that grade: `report.grade()`. Its parts are the "
        "gradient of each input, the form of the answer and its behaviour; what was not seen does not count.",
        _SQUARE
        + """
        >>> report_vjp(square, np.array([1.0, -2.0])).grade().number
        1.0
        """,
        ("grades", "part"),
    ),
)
