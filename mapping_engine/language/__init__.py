"""Floor 4: the expression language, from text to value."""
