"""One module a platform, found by its name: see `watcher.collect`."""
