"""The company's people: who may do what, how they sign in, and for how long."""
