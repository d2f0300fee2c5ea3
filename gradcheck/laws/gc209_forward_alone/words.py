"""What `gradcheck explain GC209` says."""

from ..words import Words

WORDS = Words(
    "The forward alone (op.forward) gives what it gives inside the op.",
    "What is trained is not what is used: the gradient is that of the function inside the op, and evaluation calls "
    "the other one.",
    (
        "an approximation in one of the two only",
        "a fast path for inference that was not changed along",
        "a forward rule (the fwd of jax.custom_vjp) that computes something else than the function it stands for",
    ),
    "Let one of the two call the other.",
    asks="Which value does the forward return where no gradient is asked for, and by which other path is it computed?",
)
