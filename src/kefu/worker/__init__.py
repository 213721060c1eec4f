"""Background work: the outbox, what a crash left unanswered, effects whose outcome is unknown."""
