"""The room `export`: see docs/DESIGN.md."""
