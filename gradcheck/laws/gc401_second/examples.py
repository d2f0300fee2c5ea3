"""GC401: second derivatives, where claimed, are those of the backward."""

from gradcheck import Case


def wrong() -> Case:
    def cube(x):
        def cube_vjp(dy):
            return (3 * x**2 * dy,)

        return x**3, cube_vjp

    def second(x, dy):
        def second_vjp(du):
            return 3 * x * dy * du, 3 * x**2 * du

        return 3 * x**2 * dy, second_vjp

    cube.second = second
    return Case(cube, "(n)->(n)", order=2)


def right() -> Case:
    def cube(x):
        def cube_vjp(dy):
            return (3 * x**2 * dy,)

        return x**3, cube_vjp

    def second(x, dy):
        def second_vjp(du):
            return 6 * x * dy * du, 3 * x**2 * du

        return 3 * x**2 * dy, second_vjp

    cube.second = second
    return Case(cube, "(n)->(n)", order=2)
