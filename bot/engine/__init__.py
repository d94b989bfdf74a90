"""All that lives inside Rasa: its understanding component, tracker store, channels and mends."""
