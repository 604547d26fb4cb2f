"""Floor 7: many records: read, map, account for every one, write."""
