"""Staff: signing in, and who belongs to a city."""
