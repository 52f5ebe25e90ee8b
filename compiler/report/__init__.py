"""Renderers: diagnostics in, text for people or programs out. One file each.

A renderer is a pure function `render(diagnostics, texts, *, files, jobs) -> str`; `texts` maps the name of a
file to its text, which only `human` needs, to quote it. What a terminal can show is the caller's to know.
"""
