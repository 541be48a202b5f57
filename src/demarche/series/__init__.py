"""The room `series`: see docs/DESIGN.md."""
