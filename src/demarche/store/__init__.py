"""The room `store`: see docs/DESIGN.md."""
