"""What `gradcheck explain GC404` says."""

from ..words import Words

WORDS = Words(
    "Compiled, the op gives what it gives eagerly, value and gradients, also where one array stands in two places: "
    "op.compiled is the same op by way of a compiler. from_jax makes it with jax.jit; from_torch on request, "
    'compile="aot_eager" or another backend of torch.compile, since that takes seconds.',
    "A compiler traces the backward once, and replays it for values, shapes and aliases that it did not see. Custom "
    "backwards were changed or dropped that way without an error, some only where one tensor was passed twice.",
    (
        "a Python number, a branch or a print that was frozen when the function was traced",
        "a backward that reads the values of tensors (.item(), NumPy), or state outside of its arguments",
        "an operator whose fake implementation has other shapes, dtypes or strides than the real one",
        "saved tensors that were modified after they were saved",
    ),
    "Make what the trace depends on an input or a static option, register a fake implementation that tells the truth, "
    "or exclude the function from compilation.",
    asks="What does the function look at that is not among its inputs when it is traced?",
)
