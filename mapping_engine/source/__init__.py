"""Floor 1: text, the places in it, and what is wrong with it."""
