"""Finishing a report: the city adds its own words and rates the context, then makes a version final."""
