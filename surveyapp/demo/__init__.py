"""The sample city and its stage: everything in it is invented, and every page says so."""
