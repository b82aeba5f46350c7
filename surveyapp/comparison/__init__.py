"""Perspectives side by side: what a city lead sees of a round, while it is open and once it is closed."""
