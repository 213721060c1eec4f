"""Back offices."""
