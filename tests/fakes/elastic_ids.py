"""What is really in Elasticsearch, asked without the product's own code."""

import httpx


def stored_ids(es_url: str, prefix: str) -> list[str]:
    """Every `_id` of every index, repeats included."""
    with httpx.Client(base_url=es_url, trust_env=False) as client:
        client.post(f"/{prefix}posts-*/_refresh").raise_for_status()
        found: list[str] = []
        after: list[str] = []
        while True:
            query = {"size": 1000, "sort": [{"id": "asc"}], "_source": False} | (
                {"search_after": after} if after else {}
            )
            hits = client.post(f"/{prefix}posts-*/_search", json=query).raise_for_status().json()["hits"]["hits"]
            if not hits:
                return found
            found += [hit["_id"] for hit in hits]
            after = hits[-1]["sort"]
