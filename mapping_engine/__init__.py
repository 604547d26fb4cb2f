"""A field-mapping rules engine for legal practice management and accounting."""
