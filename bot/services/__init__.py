"""The use cases of the desk; every entrance calls these and nothing below them."""
