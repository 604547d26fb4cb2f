"""Floor 6: running a pack on records."""
