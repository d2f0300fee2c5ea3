"""GC202: zero in, zero out."""

from gradcheck import Case


def wrong() -> Case:
    def square(x):
        def square_vjp(dy):
            return (2 * x * dy + 1e-3 * x,)

        return x * x, square_vjp

    return Case(square, "(n)->(n)")


def right() -> Case:
    def square(x):
        def square_vjp(dy):
            return (2 * x * dy,)

        return x * x, square_vjp

    return Case(square, "(n)->(n)")
