"""Compiled loops: each is a plain function on arrays, compiled once and kept on disk."""
