"""The room `linking`: see docs/DESIGN.md."""
