"""GC401: second derivatives, where claimed, are those of the backward."""

from gradcheck import Case

from .explanation import Explanation


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


EXPLANATION = Explanation(
    "GC401",
    "Second derivatives, where the case claims them (order=2), are the derivative of the backward: op.second is the "
    "backward as an op of (*inputs, dy), whose value is the gradients. They are finite where the gradient is smooth.",
    "Gradient penalties, Hessian-vector products and meta-learning differentiate the backward. A first derivative "
    "that is right says nothing about them.",
    (
        "a saved intermediate that is taken for a constant when the backward is differentiated",
        "the gradient with respect to dy left out: it is the backward applied to du",
        "0 / 0 or 0 * inf in the derivative of a guarded division, where the gradient itself is fine",
        "in PyTorch, a backward that computes outside autograd (NumPy, .data, a kernel) without once_differentiable",
    ),
    "Differentiate the backward as any other op, with respect to every input and to dy. Where second derivatives "
    "are not meant, leave order at 1.",
    wrong,
    right,
)
