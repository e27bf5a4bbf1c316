"""Dashboards: charts and lists on a grid of 48 columns, read from top to bottom, with a control where one chooses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from watcher.kibana.charts import Chart
from watcher.kibana.data_views import DataView
from watcher.kibana.saved_objects import Reference, SavedObject, written
from watcher.kibana.searches import SavedSearch

_WIDTH = 48
_CONTROL = "choix"


@dataclass(frozen=True, slots=True)
class Row:
    """What stands side by side, sharing the width equally; `height` is in grid units of about 20 pixels."""

    panels: tuple[Chart | SavedSearch, ...]
    height: int = 12


@dataclass(frozen=True, slots=True)
class Dashboard:
    """One dashboard over the last `days`. `control` is the (view, field) that its reader chooses a value of."""

    id: str
    title: str
    description: str
    rows: Sequence[Row]
    days: int = 7
    control: tuple[DataView, str] | None = None

    def saved(self) -> SavedObject:
        """Return the dashboard as Kibana keeps it, its panels by reference."""
        placed = list(_placed(self.rows))
        panels = [_panel(number, panel, grid) for number, (panel, grid) in enumerate(placed, 1)]
        attributes = {
            "title": self.title,
            "description": self.description,
            "timeRestore": True,
            "timeFrom": f"now-{self.days}d",
            "timeTo": "now",
            "refreshInterval": {"pause": True, "value": 60_000},
            "optionsJSON": written({"useMargins": True, "syncColors": True, "hidePanelTitles": False}),
            "panelsJSON": written(panels),
            "kibanaSavedObjectMeta": {
                "searchSourceJSON": written({"query": {"query": "", "language": "kuery"}, "filter": []})
            },
            "version": 1,
        }
        references = [
            Reference(f"{number}:panel_{number}", _kind(panel), panel.id) for number, (panel, _) in enumerate(placed, 1)
        ]
        if self.control:
            view, name = self.control
            attributes["controlGroupInput"] = _controls(view, name)
            references.append(Reference(f"controlGroup_{_CONTROL}:optionsListDataView", "index-pattern", view.id))
        return SavedObject("dashboard", self.id, attributes, tuple(references))


def _placed(rows: Sequence[Row]) -> Iterator[tuple[Chart | SavedSearch, Mapping[str, int]]]:
    top = 0
    for row in rows:
        width = _WIDTH // len(row.panels)
        for n, panel in enumerate(row.panels):
            yield panel, {"x": width * n, "y": top, "w": width, "h": row.height}
        top += row.height


def _kind(panel: Chart | SavedSearch) -> Literal["lens", "search"]:
    return "lens" if isinstance(panel, Chart) else "search"


def _panel(number: int, panel: Chart | SavedSearch, grid: Mapping[str, int]) -> Mapping[str, Any]:
    return {
        "type": _kind(panel),
        "panelIndex": str(number),
        "gridData": {**grid, "i": str(number)},
        "embeddableConfig": {"enhancements": {}},
        "panelRefName": f"panel_{number}",
    }


def _controls(view: DataView, name: str) -> Mapping[str, Any]:
    chosen = {
        "type": "optionsListControl",
        "order": 0,
        "grow": True,
        "width": "medium",
        "explicitInput": {
            "id": _CONTROL,
            "fieldName": name,
            "title": view.labels[name],
            "selectedOptions": [],
            "singleSelect": True,
            "enhancements": {},
        },
    }
    obeys = {"ignoreFilters": False, "ignoreQuery": False, "ignoreTimerange": False, "ignoreValidations": False}
    return {
        "controlStyle": "oneLine",
        "chainingSystem": "HIERARCHICAL",
        "panelsJSON": written({_CONTROL: chosen}),
        "ignoreParentSettingsJSON": written(obeys),
    }
