"""What `gradcheck explain GC503` says."""

from ..words import Words

WORDS = Words(
    "Training as the case describes it (descent= with steps) raises the cost at no step.",
    "A right gradient with too large a step diverges, and the curve of a cost that jumps about looks much like that "
    "of a wrong gradient.",
    (
        "a learning rate above what the curvature allows",
        "a cost that is summed over samples where the rate was chosen for a mean",
        "inputs that are not scaled",
    ),
    "Halve the learning rate until the cost falls at every step; where the gradient is right there is such a rate.",
    asks="How does the cost change when the step is made ten times smaller? What does that say of gradient and step?",
)
