"""Understanding: from a message to commands, by tiers of which each is asked only if the last was unsure."""
