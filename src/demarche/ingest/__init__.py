"""The room `ingest`: see docs/DESIGN.md."""
