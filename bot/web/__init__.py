"""The public web front: one ASGI app for every channel, the staff's console and the operator's probes."""
