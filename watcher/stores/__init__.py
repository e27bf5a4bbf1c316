"""Where posts are kept: the journal first, then Elasticsearch, which is what people look at."""
