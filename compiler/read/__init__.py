"""Phase 1, read: text in, a tree of plain values with a location for every key and value out."""

from __future__ import annotations

from jobc.compiler.read.files import ReadResult, read_file, read_text
from jobc.compiler.read.source import Source
from jobc.compiler.read.tree import Path, Tree, Value

__all__ = ["Path", "ReadResult", "Source", "Tree", "Value", "read_file", "read_text"]
