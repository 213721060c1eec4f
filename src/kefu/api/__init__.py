"""HTTP and WebSocket: the contracts of design, section 4."""
