"""How well customers are understood: the sets, the measures, the peers and the page they make."""
