"""Costs and their backward passes."""
