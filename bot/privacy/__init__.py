"""The rules of the desk: pure functions and tables over the standard library."""
