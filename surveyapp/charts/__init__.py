"""Findings turned into what is drawn, and the partial templates that web page and PDF share.

Pure: published values come in, so a width, a class or a choice of what to show can give away no more than
the words beside it.
"""
