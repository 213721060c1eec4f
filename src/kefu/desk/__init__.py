"""The desk: pure rules of human work. What a person is given, and where it waits for one."""
