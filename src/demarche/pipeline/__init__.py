"""The room `pipeline`: see docs/DESIGN.md."""
