"""The consolidated report: asked for on a page, made by the worker, kept as a file."""
