"""The room `dedup`: see docs/DESIGN.md."""
