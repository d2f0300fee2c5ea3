"""What `gradcheck explain GC402` says."""

from ..words import Words

WORDS = Words(
    "Forward mode, where the op has it (op.jvp), is adjoint to the backward: <u, J v> = <vjp(u), v>. It is finite "
    "where the forward has finite slopes along v; where they are infinite, neither need be finite.",
    "The dot test of scientific codes: iterative solvers that use both A and its adjoint stall or diverge when the "
    "two do not belong together, and it holds to rounding, without any step size.",
    (
        "a formula changed on one side only",
        "a term of the product rule left out of one of the two",
        "0 / 0 in one of the two at a point where the forward is smooth",
        "two things linearised at different points, or for different parameters",
        "an adjoint of another scaling, by the size of a grid cell or of a batch",
    ),
    "The report says with which side finite differences agree; mend the other.",
    asks="Move an input along one direction: what does the forward mode say, and what does the backward say of"
    " the same direction?",
)
