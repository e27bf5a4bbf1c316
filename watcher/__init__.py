"""The daemon: collects public posts about a region, reads them, stores them, shows them."""

__version__ = "0.1.0"
