"""Back-office operations: what they are, the port that runs them, and the rules of the effect ledger."""
