"""The team's YAML: read, checked and turned into frozen values. `load` is the way in; `Config` is what comes out."""

from watcher.config.config import (
    Config,
    ElasticsearchConfig,
    Instance,
    InstitutionConfig,
    PageConfig,
    PlaceConfig,
    Retention,
    TerritoryConfig,
    ThemeConfig,
)
from watcher.config.load import load

__all__ = [
    "Config",
    "ElasticsearchConfig",
    "Instance",
    "InstitutionConfig",
    "PageConfig",
    "PlaceConfig",
    "Retention",
    "TerritoryConfig",
    "ThemeConfig",
    "load",
]
