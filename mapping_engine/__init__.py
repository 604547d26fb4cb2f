"""A field-mapping rules engine for legal practice management and accounting."""

__all__ = ["__version__"]

__version__ = "0.1.0"
