"""What `gradcheck explain GC403` says."""

from ..words import Words

WORDS = Words(
    "A batch gives what a loop over its examples gives: value and gradients of op.batched(axes), an op of inputs with "
    "a batch axis in front where axes holds 0 and without one where it holds None. An input that is shared gets the "
    "sum of the examples' gradients. from_torch makes it with torch.func.vmap, from_jax with jax.vmap.",
    "Per-example gradients, ensembles and meta-learning run a function under vmap, with weights that some examples "
    "share. A rule that is right where every input has a batch axis may be wrong where one has none.",
    (
        "dim=0 or x.shape[0] in the vmap rule, which is the batch axis there",
        "a sum over all axes, the batch axis among them",
        "an input without a batch axis that the rule expands and never sums, or sums in the wrong place",
        "the cotangent of one example used for all of them",
    ),
    "Count axes from the end, or move the batch axis to the front and say so in out_dims; let generate_vmap_rule write "
    "the rule where the backward is made of tensor operations.",
    asks="Which axis is the batch axis here, and which input has none?",
)
