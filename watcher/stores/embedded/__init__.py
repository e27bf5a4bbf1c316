"""A real Elasticsearch started from packages alone: for trying the product, for development and for tests.

    jars      → pinned by SHA-256
    download  → fetched once, checked at each start
    home      → laid out and compiled once
    launch    → a process
    node      → found again by its data folder, asked, stopped
    guard     → there for as long as it is needed

It listens on 127.0.0.1 without authentication, and lacks what is on no registry (scripts, ILM, `_update_by_query`…):
production is the official distribution.
"""

from watcher.stores.embedded.download import Progress
from watcher.stores.embedded.guard import running
from watcher.stores.embedded.launch import start
from watcher.stores.embedded.node import Node, find

__all__ = ["Node", "Progress", "find", "running", "start"]
