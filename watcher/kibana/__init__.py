"""What the team opens in Kibana, built from its configuration: data views, saved searches, charts and dashboards. Pure.

    labels → data_views → searches, charts → dashboards → saved_objects (one NDJSON file)

Kibana speaks to the team's own cluster, never to the embedded node: see deploy/kibana/README.md.
"""

from watcher.kibana.contents import contents
from watcher.kibana.saved_objects import SavedObject, ndjson

__all__ = ["SavedObject", "contents", "ndjson"]
