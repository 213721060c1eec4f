"""Learning: what is trained from the pack and from judged conversations. Nothing here serves customers."""
