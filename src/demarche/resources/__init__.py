"""The room `resources`: see docs/DESIGN.md."""
