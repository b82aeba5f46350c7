"""Rounds: written down, added, opened, closed."""
