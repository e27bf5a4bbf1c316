"""The team's YAML: read, checked and turned into frozen values. `load` is the way in; `Config` is what comes out."""

from watcher.config.config import (
    AlertRule,
    AlertsConfig,
    CalendarConfig,
    Config,
    DigestsConfig,
    ElasticsearchConfig,
    Expectation,
    Instance,
    InstitutionConfig,
    Member,
    PageConfig,
    PlaceConfig,
    Quiet,
    Retention,
    TerritoryConfig,
    ThemeConfig,
    VoicesConfig,
)
from watcher.config.departements import DEPARTEMENTS
from watcher.config.load import load
from watcher.config.saving import save

__all__ = [
    "DEPARTEMENTS",
    "AlertRule",
    "AlertsConfig",
    "CalendarConfig",
    "Config",
    "DigestsConfig",
    "ElasticsearchConfig",
    "Expectation",
    "Instance",
    "InstitutionConfig",
    "Member",
    "PageConfig",
    "PlaceConfig",
    "Quiet",
    "Retention",
    "TerritoryConfig",
    "ThemeConfig",
    "VoicesConfig",
    "load",
    "save",
]
