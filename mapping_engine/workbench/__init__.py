"""Floor 8: what people do with packs besides running them."""
