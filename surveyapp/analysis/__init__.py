"""The pure core: count tables in, findings out. Standard library only; no web, no database, no wording."""
