"""Phase 2, parse: a tree in, a spec document and its parsed mini-languages out."""
