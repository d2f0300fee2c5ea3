"""GC203: the same answer however often it is asked."""

from gradcheck import Case


def wrong() -> Case:
    saved = {}

    def square(x):
        saved["x"] = x

        def square_vjp(dy):
            return (2 * saved["x"] * dy,)

        return x * x, square_vjp

    return Case(square, "(n)->(n)")


def right() -> Case:
    def square(x):
        def square_vjp(dy):
            return (2 * x * dy,)

        return x * x, square_vjp

    return Case(square, "(n)->(n)")
