"""Shapes that cross a border: diagnostics, the spec as written, the IR, names.

Data only. Every other room of the house may import this one; it imports none of them.
"""
