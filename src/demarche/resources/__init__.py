"""Resources: rules, lexicons, codebooks and tables as data, and what reads them."""

from demarche.resources.load import read_bytes, read_text, read_toml

__all__ = ["read_bytes", "read_text", "read_toml"]
