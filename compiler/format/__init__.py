"""Formatting: a spec file's text in, the same file with its layout in order out.

Why tokens and not a tree that is written anew: what is never taken apart cannot get lost. The layouts below
go through the tokens of a text and decide anew only what stands between them, which is white space and
comments; of what stands inside a token they change the indentation of further lines, and nothing else. What
comes out is read again and proved to say the same (`proof.py`).
"""

from __future__ import annotations

from jobc.compiler.format.formatter import FormatResult, UnsafeLayoutError, format_text

__all__ = ["FormatResult", "UnsafeLayoutError", "format_text"]
