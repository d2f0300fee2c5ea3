"""Findings without their causes, for comparisons of what was found: causes come from further examples."""

from dataclasses import replace


def without_causes(findings):
    return tuple(replace(finding, cause=None, likely_cause=None, certain=False) for finding in findings)
