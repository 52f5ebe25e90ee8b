"""Kinds of ops besides Python functions: commands, shells, and those of plug-ins (DESIGN 3, "Commands")."""
