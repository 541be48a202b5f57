"""The room `coding`: see docs/DESIGN.md."""
