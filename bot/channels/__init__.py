"""The ways by which customers reach the desk, a folder each: receive, format, send."""
