"""The compiler: text in; diagnostics and IR out; then definitions."""
