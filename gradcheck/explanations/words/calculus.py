"""Words of the calculus: what goes in and out of a backward pass."""

from .word import Word

CALCULUS = (
    Word(
        "op",
        "A function that returns its value and its backward pass: `y, vjp = op(*inputs, **options)`. Positional "
        "inputs are arrays and are differentiated; options go by name and are not. Code that is written otherwise "
        "becomes an op by an adapter.",
        """
        >>> def square(x):
        ...     def square_vjp(dy):
        ...         return (2 * x * dy,)
        ...     return x * x, square_vjp
        >>> y, vjp = square(3.0)
        >>> y, vjp(1.0)
        (9.0, (6.0,))
        """,
        ("ops",),
    ),
    Word(
        "vjp",
        "The backward pass: a function from the gradient of the cost with respect to the output to the gradients "
        "with respect to the inputs. Vector-Jacobian product, since what comes in is multiplied by the matrix of all "
        "derivatives, which is never written down. It returns a tuple, one gradient per input, and is linear.",
        """
        >>> import numpy as np
        >>> W, dy = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, -1.0])
        >>> dy @ W                          # y = W @ x has the Jacobian W
        array([-2., -2.])
        """,
        ("backward", "pullback", "vector-Jacobian product"),
    ),
    Word(
        "cotangent",
        "The gradient of the cost with respect to an output, which a backward gets (`dy`), and by the same word the "
        "gradient with respect to anything on the way (`dZ2`). It has the shape of that value. A check makes up a "
        "random one: with ones, a cotangent that is forgotten, or used twice, would not show.",
        """
        >>> x, dy = 3.0, 0.5
        >>> dy * 2 * x, 2 * x               # for y = x * x: right, and with the cotangent forgotten
        (3.0, 6.0)
        """,
        ("cotangents", "dy"),
    ),
    Word(
        "gradient",
        "How fast the cost grows when an entry of an array moves, for every entry: an array of the same shape. Along "
        "a tangent `v` the cost grows by the sum of gradient times `v`.",
        """
        >>> import numpy as np
        >>> x = np.array([1.0, 2.0])        # cost sum(x * x), gradient 2 x
        >>> round((np.sum((x + 1e-6) ** 2) - np.sum(x ** 2)) / 1e-6, 4) == np.sum(2 * x)
        np.True_
        """,
        ("gradients", "derivative"),
    ),
    Word(
        "tangent",
        "A direction in which an input is moved: an array of its shape. A check moves all inputs along random "
        "tangents at once and measures how fast the output moves; each entry moves by about its own size.",
        """
        >>> x, v, t = 3.0, 2.0, 1e-6        # y = x * x
        >>> round(((x + t * v) ** 2 - (x - t * v) ** 2) / (2 * t), 6), 2 * x * v
        (12.0, 12.0)
        """,
        ("tangents", "direction"),
    ),
    Word(
        "finite differences",
        "The slope of a function, measured by moving its input a little to both sides. Large steps see its curve, "
        "small ones the rounding of its values; here many are taken, extrapolated, and the error that is left is "
        "measured.",
        """
        >>> import math
        >>> [abs((math.exp(h) - math.exp(-h)) / (2 * h) - 1) < 1e-8 for h in (1e-1, 1e-5, 1e-14)]
        [False, True, False]
        """,
        ("finite difference", "difference", "slope"),
    ),
    Word(
        "kink",
        "A point where a function bends, as |x| does at 0: the slopes to both sides differ, and there is no "
        "derivative. Any claim between the two is right there, so a kink excuses a gradient that lies between them "
        "and no other.",
        """
        >>> h = 1e-6
        >>> (abs(0 + h) - abs(0)) / h, (abs(0) - abs(0 - h)) / h
        (1.0, -1.0)
        """,
        ("kinks", "bend"),
    ),
    Word(
        "subgradient",
        "A gradient at a kink: any between the slopes of both sides, as 0, 0.3 or 1 for relu at 0. Those of several "
        "entries must belong together: of two that are tied in a maximum, both may get half, but not both the whole.",
        """
        >>> relu = lambda x: max(x, 0.0)
        >>> low, high = (relu(0.0) - relu(-1e-6)) / 1e-6, (relu(1e-6) - relu(0.0)) / 1e-6
        >>> low <= 0.3 <= high
        True
        """,
    ),
    Word(
        "singular",
        "A point where the slope grows without bound, as that of the square root does at 0. No number is right "
        "there, so that none is called wrong.",
        """
        >>> import math
        >>> [round(math.sqrt(h) / h) for h in (1e-2, 1e-4, 1e-6)]
        [10, 100, 1000]
        """,
        ("singularity",),
    ),
    Word(
        "domain",
        "Where a function is defined: log for positive numbers only. A case says it, `domains={'x': Reals(0, "
        "None)}`, and its examples are drawn there; where a step leaves it, the check moves less.",
        """
        >>> from gradcheck import Reals
        >>> Reals(0, None).low
        0
        """,
        ("domains",),
    ),
)
