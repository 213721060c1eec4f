"""Understanding: from a message to commands, by tiers that are each asked only if the one before was unsure."""
