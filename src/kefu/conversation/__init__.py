"""The conversation core: what was said and done, as events, and the state that they fold to."""
