"""demarche: a checkable record of what states did, said, threatened, promised, asked and denied."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("demarche")
except PackageNotFoundError:  # running from a source tree that was never installed
    __version__ = "0+unknown"

__all__ = ["__version__"]
