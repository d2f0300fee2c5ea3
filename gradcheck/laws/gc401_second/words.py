"""What `gradcheck explain GC401` says."""

from ..words import Words

WORDS = Words(
    "Second derivatives, where the case claims them (order=2), are the derivative of the backward: op.second is the "
    "backward as an op of (*inputs, dy), whose value is the gradients. They are finite where the gradient is smooth. "
    "In few digits they are held against PyTorch's autograd, asked twice, through the reference, as GC601 holds "
    "gradients.",
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
    asks="The gradient is a function too. What are its inputs, and which of them does its own backward leave out?",
)
