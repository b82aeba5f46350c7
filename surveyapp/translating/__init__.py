"""The translations of a city's languages: how far they are, to and from translators, read by a native speaker."""
