"""Training of the language layer: one encoder, many heads. Not part of the installed package."""
