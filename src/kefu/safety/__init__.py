"""Safety: personal data, and what is refused on the way in or stopped on the way out."""
