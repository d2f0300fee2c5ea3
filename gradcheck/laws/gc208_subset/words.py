"""What `gradcheck explain GC208` says."""

from ..words import Words

WORDS = Words(
    "The gradient of one input does not depend on which others want one (needs_input_grad in PyTorch), nor on "
    "whether the cotangent of an output that nobody uses is zeros or None (set_materialize_grads(False)).",
    "Freeze one layer, and another one gets the wrong gradient, or none. The path with everything switched on is the "
    "one that is tested; fine-tuning runs the others.",
    (
        "ctx.needs_input_grad[0] asked where [1] was meant",
        "a shortcut for the only wanted gradient, with a formula of its own",
        "a cotangent of None that is multiplied, after set_materialize_grads(False)",
        "an intermediate that is computed inside the branch of one gradient and used in another",
    ),
    "Compute what several gradients share outside the branches; let each branch ask for its own position.",
    asks="Which gradients are asked for here, and what does the backward compute for those that are not?",
)
