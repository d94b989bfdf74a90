"""What Rasa's rules call: one action a module, each a thin way to a service."""
