"""The room `web`: see docs/DESIGN.md."""
