"""What `gradcheck explain GC302` says."""

from ..words import Words

WORDS = Words(
    "The forward value equals the twin's, where the case names one (reference=).",
    "A backward can be the exact derivative of the wrong function. Only somebody who wrote the function down a second "
    "time can tell.",
    (
        "another definition: mean for sum, a factor of a half, variance with n - 1",
        "an option with another default in the twin",
        "another layout: samples in columns, channels last",
        "the twin is wrong; gradcheck cannot know which of two values was meant",
    ),
    "Compare the two definitions at the values that the report shows, and mend the one that is not what was meant.",
    asks="At one small input, compute the output by hand. With which of the two functions does it agree?",
)
