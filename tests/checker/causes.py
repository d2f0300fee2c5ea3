"""Findings without causes and places, for comparisons of what was found: those come from further examples."""

from dataclasses import replace


def without_causes(findings):
    return tuple(replace(finding, cause=None, likely_cause=None, certain=False, made=None) for finding in findings)
