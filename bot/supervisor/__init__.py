"""Start the desk's processes together, keep them running, and stop them together."""
