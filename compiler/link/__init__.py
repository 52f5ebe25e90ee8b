"""Phase 6, link: IR in, definitions out; user code is imported here and only here."""
