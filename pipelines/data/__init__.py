"""What the pipelines know by heart: names, words and weights, each with its source in `SOURCES.md`."""
