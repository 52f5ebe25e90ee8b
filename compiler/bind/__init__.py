"""Phase 3, bind: documents in, a program in which every name is tied to what it names out."""
