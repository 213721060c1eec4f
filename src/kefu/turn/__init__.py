"""One turn, from a customer's message to the committed reply. `handle.py` is its table of contents."""
