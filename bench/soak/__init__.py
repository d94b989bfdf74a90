"""An hour (or a minute) at half load: memory and latency stay flat, nothing is left open."""
