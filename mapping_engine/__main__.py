"""Start the command line with `python -m mapping_engine`."""

from mapping_engine.cli import main

__all__: list[str] = []

if __name__ == "__main__":
    main()
