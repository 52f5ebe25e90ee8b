"""Phase 4, check: rules over the program; they report and change nothing."""
