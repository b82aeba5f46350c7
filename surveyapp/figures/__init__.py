"""The results of a round as files to take away, made from the same findings as page and report."""
