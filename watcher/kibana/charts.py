"""Lens charts: how many, over time or by value of a field. Each is one layer over one data view."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from watcher.kibana.data_views import DataView
from watcher.kibana.saved_objects import Reference, SavedObject

_LAYER = "couche"
_COUNT, _TIME, _SPLIT = "nombre", "temps", "valeur"


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: what it counts, how it looks. `condition` is Lucene, "" for everything."""

    id: str
    title: str
    view: DataView
    kind: str
    columns: Mapping[str, Mapping[str, Any]]
    visualization: Mapping[str, Any] = field(repr=False)
    condition: str = ""

    def saved(self) -> SavedObject:
        """Return the chart as Kibana keeps it."""
        layer = {"columns": self.columns, "columnOrder": list(self.columns), "incompleteColumns": {}}
        state = {
            "datasourceStates": {"formBased": {"layers": {_LAYER: layer}}},
            "visualization": self.visualization,
            "query": {"query": self.condition, "language": "lucene"},
            "filters": [],
            "internalReferences": [],
            "adHocDataViews": {},
        }
        attributes = {"title": self.title, "description": "", "visualizationType": self.kind, "state": state}
        reference = Reference(f"indexpattern-datasource-layer-{_LAYER}", "index-pattern", self.view.id)
        return SavedObject("lens", self.id, attributes, (reference,))


def over_time(name: str, title: str, view: DataView, *, by: str = "", condition: str = "") -> Chart:
    """Return bars of posts over time, in one colour a value of the field `by` if there is one."""
    split = {_SPLIT: _values(view, by)} if by else {}
    columns = {**split, _TIME: _dates(view), _COUNT: _count()}
    layer = {"xAccessor": _TIME, **({"splitAccessor": _SPLIT} if by else {})}
    return Chart(_id(view, name), title, view, "lnsXY", columns, _bars("bar_stacked", layer), condition)


def top(name: str, title: str, view: DataView, field_name: str, *, size: int = 10, condition: str = "") -> Chart:
    """Return the commonest values of a field as horizontal bars, the most posts first."""
    columns = {_SPLIT: _values(view, field_name, size), _COUNT: _count()}
    return Chart(
        _id(view, name), title, view, "lnsXY", columns, _bars("bar_horizontal", {"xAccessor": _SPLIT}), condition
    )


def number(name: str, title: str, view: DataView, *, distinct: str = "", condition: str = "") -> Chart:
    """Return one large number: posts, or distinct values of a field."""
    counted = _distinct(distinct, title) if distinct else _count(title)
    shown = {"layerId": _LAYER, "layerType": "data", "metricAccessor": _COUNT}
    return Chart(_id(view, name), title, view, "lnsMetric", {_COUNT: counted}, shown, condition)


def table(name: str, title: str, view: DataView, rows: Sequence[str], *, distinct: str = "") -> Chart:
    """Return a table of the values of `rows`, one within the other, with their posts and distinct values of a field."""
    split = {f"{_SPLIT}-{each}": _values(view, each, 15) for each in rows}
    columns = {**split, **({"voix": _distinct(distinct, "Voix")} if distinct else {}), _COUNT: _count()}
    shown = {"layerId": _LAYER, "layerType": "data", "columns": [{"columnId": column} for column in columns]}
    return Chart(_id(view, name), title, view, "lnsDatatable", columns, shown, "")


def _id(view: DataView, name: str) -> str:
    return f"{view.id}-graphique-{name}"


def _bars(series: str, layer: Mapping[str, str]) -> Mapping[str, Any]:
    drawn = {"layerId": _LAYER, "layerType": "data", "seriesType": series, "accessors": [_COUNT], **layer}
    return {
        "legend": {"isVisible": True, "position": "bottom"},
        "valueLabels": "hide",
        "preferredSeriesType": series,
        "layers": [drawn],
    }


def _dates(view: DataView) -> Mapping[str, Any]:
    return {
        "label": view.labels[view.time_field],
        "dataType": "date",
        "operationType": "date_histogram",
        "sourceField": view.time_field,
        "isBucketed": True,
        "scale": "interval",
        "params": {"interval": "auto", "includeEmptyRows": True, "dropPartials": False},
    }


def _values(view: DataView, name: str, size: int = 8) -> Mapping[str, Any]:
    return {
        "label": view.labels[name],
        "dataType": "string",
        "operationType": "terms",
        "sourceField": name,
        "isBucketed": True,
        "scale": "ordinal",
        "params": {
            "size": size,
            "orderBy": {"type": "column", "columnId": _COUNT},
            "orderDirection": "desc",
            "otherBucket": False,
            "missingBucket": False,
            "parentFormat": {"id": "terms"},
        },
    }


def _count(label: str = "Messages") -> Mapping[str, Any]:
    return {
        "label": label,
        "dataType": "number",
        "operationType": "count",
        "sourceField": "___records___",
        "isBucketed": False,
        "scale": "ratio",
        "params": {},
    }


def _distinct(name: str, label: str) -> Mapping[str, Any]:
    return {
        "label": label,
        "dataType": "number",
        "operationType": "unique_count",
        "sourceField": name,
        "isBucketed": False,
        "scale": "ratio",
        "params": {},
    }
