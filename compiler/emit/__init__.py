"""Phase 5, emit: a program in, canonical, versioned, hashed IR out."""
