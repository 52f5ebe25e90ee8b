"""Renderers: diagnostics in, text for people or programs out. One file each.

A renderer is a pure function `render(diagnostics, texts, *, files, jobs) -> str`; `texts` maps the name of a
file to its text, from which lines are quoted and fingerprints made. What a terminal can show, and what a
baseline or comments left out, is the caller's to say.
"""
