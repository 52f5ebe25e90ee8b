"""A package with one module."""
