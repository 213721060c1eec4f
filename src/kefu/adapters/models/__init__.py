"""Models behind Kefu's ports, over HTTP or in the process."""
