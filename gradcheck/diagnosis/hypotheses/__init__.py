"""The closed list of hypotheses, most specific first: a name, what it stands for, and the function that proposes."""

from gradcheck.diagnosis.hypothesis import Hypothesis

from . import (
    activations,
    axes,
    complex_numbers,
    constants,
    cotangent_parts,
    cotangents,
    factors,
    formulas,
    forwards,
    operands,
    precision,
    regions,
    returned,
    shapes,
    state,
    sums,
    terms,
)

HYPOTHESES: tuple[Hypothesis, ...] = (
    Hypothesis(
        "staircase",
        "The forward is a staircase: its derivative is 0 almost everywhere.",
        forwards.staircase,
        slopes=False,
    ),
    Hypothesis("missing", "Zeros are returned where the gradient is something else.", returned.missing),
    Hypothesis("sign", "The gradient is minus the right one.", constants.sign),
    Hypothesis("stale", "State of an earlier call is in the gradient.", state.stale, slopes=False),
    Hypothesis("accumulates", "The gradient is added to an earlier one.", state.accumulates, slopes=False),
    Hypothesis("redrawn", "The backward draws random numbers again.", state.redrawn, slopes=False),
    Hypothesis("wrong-array", "What is returned is an array that was handed in.", returned.wrong_array),
    Hypothesis(
        "cotangent-ignored",
        "The gradient, or a term of it, does not depend on the cotangent.",
        cotangents.cotangent_ignored,
        slopes=False,
    ),
    Hypothesis(
        "cotangent-power",
        "The cotangent is multiplied in more than once, or divided by.",
        cotangents.cotangent_power,
        slopes=False,
    ),
    Hypothesis(
        "cotangent-normalised",
        "The cotangent is normalised, or only its sign is used.",
        cotangents.cotangent_normalised,
        slopes=False,
    ),
    Hypothesis(
        "cotangent-absolute",
        "The gradient, or a term of it, does not follow the sign of the cotangent.",
        cotangents.cotangent_absolute,
        slopes=False,
    ),
    Hypothesis(
        "cotangent-clipped",
        "The cotangent, or a term that it is in, is clipped.",
        cotangents.cotangent_clipped,
        slopes=False,
    ),
    Hypothesis("transposed", "Two axes of the gradient are swapped.", axes.transposed),
    Hypothesis("empty", "The gradient is an empty array.", shapes.empty),
    Hypothesis("axis-not-summed", "The gradient of a broadcast input keeps an axis.", shapes.axis_not_summed),
    Hypothesis(
        "not-expanded", "The gradient is right but for broadcasting to the shape of its input.", shapes.not_expanded
    ),
    Hypothesis("keepdims", "The gradient lacks an axis of size 1.", shapes.keepdims),
    Hypothesis("extra-axis", "The gradient has an axis of size 1 too many.", shapes.extra_axis),
    Hypothesis("other-argument", "The gradient is that of another argument.", returned.other_argument),
    Hypothesis("wrong-axis", "Something is summed over another axis than in the forward.", axes.wrong_axis),
    Hypothesis("other-shape", "The gradient has the shape of another array.", shapes.other_shape),
    Hypothesis("conjugate", "A conjugate is missing or one too many.", complex_numbers.conjugate),
    Hypothesis(
        "imaginary-part", "The imaginary part is lost, or kept where it does not count.", complex_numbers.imaginary_part
    ),
    Hypothesis(
        "option-factor",
        "The gradient is off by a constant factor that is the value of an option.",
        constants.option_factor,
    ),
    Hypothesis("size-factor", "The gradient is off by a constant factor that is a size.", constants.size_factor),
    Hypothesis("factor", "The gradient is off by a constant factor that is a plain number.", constants.factor),
    Hypothesis(
        "cotangent-dropped", "The cotangent of one of several outputs is dropped.", cotangent_parts.cotangent_dropped
    ),
    Hypothesis("cotangent-sum", "Only a sum of the cotangent is used.", cotangent_parts.cotangent_sum),
    Hypothesis(
        "cotangent-first-row", "One slice of the cotangent is used for all of it.", cotangent_parts.cotangent_first_row
    ),
    Hypothesis("summed-too-far", "The gradient is summed along an axis that it should keep.", sums.summed_too_far),
    Hypothesis("missing-sum", "Each entry has its own part of a sum that all should have.", sums.missing_sum),
    Hypothesis("shifted", "The entries of the gradient stand beside their place along an axis.", axes.shifted),
    Hypothesis("reordered", "The entries of the gradient are the right ones in another order.", axes.reordered),
    Hypothesis("diagonal-only", "The off-diagonal part of the Jacobian is left out.", sums.diagonal_only),
    Hypothesis("at-output", "The derivative is taken at the output instead of the input.", activations.at_output),
    Hypothesis("inverted-mask", "A mask is used the wrong way round.", regions.inverted_mask),
    Hypothesis("other-option", "The gradient is the one for another value of an option.", operands.other_option),
    Hypothesis("swapped-options", "Two options are swapped in the backward.", operands.swapped_options),
    Hypothesis("operand-sign", "An operand has the wrong sign in the backward.", operands.operand_sign),
    Hypothesis("operand-transposed", "An operand is transposed, or not, in the backward.", operands.operand_transposed),
    Hypothesis("swapped-operands", "Operands are swapped in the backward.", operands.swapped_operands),
    Hypothesis("operand-first-row", "One slice of an operand is used for all.", operands.operand_first_row),
    Hypothesis("operand-ignored", "An operand is left out of the backward.", operands.operand_ignored),
    Hypothesis("duplicates", "Wrong where an index occurs more than once.", regions.duplicates),
    Hypothesis(
        "elementwise-factor", "A factor that is a known array is missing, or one too many.", factors.elementwise_factor
    ),
    Hypothesis("other-function", "The derivative of another function is used.", activations.other_function),
    Hypothesis("other-factor", "A factor that is a known array stands where another belongs.", factors.other_factor),
    Hypothesis(
        "activation-missing", "The derivative of an inner activation is left out.", activations.activation_missing
    ),
    Hypothesis(
        "other-activation",
        "The derivative of another activation is used in an inner layer.",
        activations.other_activation,
    ),
    *(Hypothesis(name, meaning, regions.proposals(name)) for name, meaning in regions.MEANINGS.items()),
    Hypothesis("missing-mean", "A mean along an axis is not subtracted, or not the right one.", sums.missing_mean),
    Hypothesis("lost-contributions", "Some of several contributions to one entry are lost.", sums.lost_contributions),
    Hypothesis(
        "missing-projection", "The terms that a normalisation adds are missing or wrong.", sums.missing_projection
    ),
    Hypothesis(
        "line-factor",
        "Off by a factor of the whole array or of each line, that depends on values.",
        factors.line_factor,
    ),
    Hypothesis("other-term", "A term of the gradient is another one, or has another weight.", terms.other_term),
    Hypothesis(
        "missing-term", "A term is missing, as where one path of the chain rule is left out.", terms.missing_term
    ),
    Hypothesis("extra-term", "A term is there that does not belong there, or is counted twice.", terms.extra_term),
    Hypothesis(
        "other-formula",
        "Another formula of known arrays: another weight, target, operand or slope than in the forward.",
        formulas.other_formula,
    ),
    Hypothesis("other-mask", "The mask of the backward is not that of the forward.", regions.other_mask),
    Hypothesis("precision", "The gradient is rounded to a narrower dtype on the way.", precision.precision),
)

__all__ = ["HYPOTHESES"]
