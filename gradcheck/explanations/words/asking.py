"""Words of the question: what a case is, where it is judged, and what else is asked about it."""

from .word import Word

ASKING = (
    Word(
        "case",
        "An op with what is needed to judge it: the shapes that it takes, and where they matter options, domains, a "
        "twin. It is judged at a hundred examples, and the smallest one that fails is shown.",
        """
        >>> from gradcheck import Case
        >>> str(Case(lambda x: (x, lambda dy: (dy,)), "(n)->(n)", name="identity"))
        'identity'
        """,
        ("cases",),
    ),
    Word(
        "signature",
        "The shapes that an op takes and returns, in NumPy's own notation: `(o,i),(i,m)->(o,m)`. Equal names are "
        "equal sizes, and each is drawn at random, so that a transposed matrix does not fit by chance.",
        """
        >>> from gradcheck.protocol.signature import parse_signature
        >>> parse_signature("(o,i),(i,m)->(o,m)").names
        ('o', 'i', 'm')
        """,
        ("signatures", "shapes", "sizes"),
    ),
    Word(
        "example",
        "One point at which a case is judged: sizes, values, options, how the arrays lie in memory. A report prints "
        "it as a call that makes it again.",
        """
        >>> from gradcheck import Example
        >>> Example(sizes={"n": 3}, seed=7)
        Example(sizes={'n': 3}, seed=7)
        """,
        ("examples", "point"),
    ),
    Word(
        "twin",
        "The same function, forward only, in PyTorch, or another op: a witness that shares no derivation with the "
        "backward. With it there are three who say what the gradient is, and the odd one out is named.",
        """
        >>> from gradcheck import Case
        >>> Case(lambda x: (x, lambda dy: (dy,)), "(n)->(n)", reference=lambda x: x).reference is not None
        True
        """,
        ("reference", "witness", "twins"),
    ),
    Word(
        "seed",
        "The number that all randomness of a check comes from: the same seed draws the same examples and cotangents. "
        "It is printed with every report, so that a failure can be seen again.",
        """
        >>> import numpy as np
        >>> float(np.random.default_rng(0).random()) == float(np.random.default_rng(0).random())
        True
        """,
        ("seeds",),
    ),
    Word(
        "border",
        "A value at which an op changes its rule, as 6 for `clip(x, 0, 6)`. Examples get values on both sides of it "
        "and on it; those of a case are found by a scan of its forward, or declared as `borders`.",
        """
        >>> import numpy as np
        >>> [float(np.clip(x, 0, 6)) for x in (5.9, 6.0, 6.1)]
        [5.9, 6.0, 6.0]
        """,
        ("borders",),
    ),
    Word(
        "tie",
        "Two entries that are equal where an op takes the larger: to whom the gradient goes is then a matter of "
        "choice, and giving it to both is a mistake. Examples are planted with ties, since random values have none.",
        """
        >>> import numpy as np
        >>> int(np.argmax(np.array([1.0, 2.0, 2.0])))
        1
        """,
        ("ties", "plant"),
    ),
    Word(
        "accuracy",
        "What an op promises where it is less than rounding, such as a solver that stops at 1e-6: a case says so, "
        "and a gap of no more than that is no error. The report says which.",
        """
        >>> from gradcheck import Case
        >>> Case(lambda x: (x, lambda dy: (dy,)), "(n)->(n)", accuracy=1e-6).accuracy
        1e-06
        """,
    ),
    Word(
        "mutant",
        "A copy of an op with one small mistake in its backward, which `gradcheck prove` plants to see whether the "
        "case calls it wrong: then it is killed. One that survives shows what the case would have let through.",
        """
        >>> from gradcheck.mutants import OPERATORS
        >>> "flip-sign" in {operator.name for operator in OPERATORS}
        True
        """,
        ("mutants", "killed", "survived", "equivalent"),
    ),
    Word(
        "adapter",
        "A function that makes an op of code that is written another way: `from_pair` for a forward and a backward, "
        "`from_value_and_grad` for SciPy's, `from_torch` and `from_jax` for theirs.",
        """
        >>> import numpy as np
        >>> from gradcheck.adapters import from_pair
        >>> y, vjp = from_pair(lambda x: (x * x, x), lambda x, dy: 2 * x * dy)(np.array([3.0]))
        >>> vjp(np.array([1.0]))
        (array([6.]),)
        """,
        ("adapters",),
    ),
)
