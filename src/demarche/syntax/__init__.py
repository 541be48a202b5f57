"""The room `syntax`: see docs/DESIGN.md."""
