"""Releases: a pack's files, checked as a whole, and the version that their contents make."""
