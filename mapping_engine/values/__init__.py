"""Floor 2: what a value can be, and what is known of it before a record is there."""
