"""How long a mutant may take and how often it is compared, each with its unit and its reason."""

EQUIVALENCE_SEEDS = 3
"""Times that the planned examples are asked, each time with other values, before a mutant counts as equivalent: one
that differs at a special value only (a tie of three, say) meets it at some of them."""

REHEARSAL = 300.0
"""Seconds in which a case must be judged unedited: nothing is known of it yet, and a gate that takes longer is not one
that a thousand mutants could be asked of."""

LEAST = 10.0
"""Seconds that a mutant may take at least: on a busy machine a case of a tenth of a second may take some."""

SLOWER = 20.0
"""Times as long as its cases take unedited that a mutant may take: a survivor is judged at every example, compared at
three times as many, and asked again for an excuse, which comes to about six times."""

NEAREST = 3
"""Names that stand in for one: the most alike, which are the likeliest slips; all of them would be hundreds."""
