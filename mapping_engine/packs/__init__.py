"""Floor 5: rule packs as files, as records, and with a firm's layer merged in."""
