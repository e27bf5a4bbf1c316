"""Everything that the team finds in Kibana: told once, from its configuration."""

from collections.abc import Sequence

from watcher.kibana import data_views, searches
from watcher.kibana.charts import Chart, number, over_time, table, top
from watcher.kibana.dashboards import Dashboard, Row
from watcher.kibana.data_views import DataView
from watcher.kibana.saved_objects import SavedObject
from watcher.kibana.searches import CONCERNS_US, SavedSearch
from watcher.words import Labels

_YOUNG = f"{CONCERNS_US} AND topics:(jeunesse OR lycees)"
_WAITING = f"{CONCERNS_US} AND to_answer:true"


def contents(prefix: str, labels: Labels) -> list[SavedObject]:
    """Return every object over the indices that begin with `prefix`, what is named before what names it."""
    posts, trends = data_views.posts(prefix, labels), data_views.trends(prefix, labels)
    gaps, sources = data_views.gaps(prefix), data_views.sources(prefix)
    lists = [
        *searches.of_posts(posts, list(labels.topics.items())),
        *searches.of_trends(trends),
        *searches.of_sources(sources),
        *searches.of_gaps(gaps),
    ]
    boards = _dashboards(posts, {each.title: each for each in lists})
    charts = {
        panel.id: panel for board in boards for row in board.rows for panel in row.panels if isinstance(panel, Chart)
    }
    views = [posts, trends, data_views.alerts(prefix, labels), gaps, sources, data_views.accounts(prefix)]
    everything: list[DataView | SavedSearch | Chart | Dashboard] = [*views, *lists, *charts.values(), *boards]
    return [each.saved() for each in everything]


def _dashboards(posts: DataView, lists: dict[str, SavedSearch]) -> Sequence[Dashboard]:
    everything = number("messages", "Messages", posts, condition=CONCERNS_US)
    voices = number("voix", "Voix distinctes", posts, distinct="author", condition=CONCERNS_US)
    waiting = number("attente", "À répondre", posts, condition=_WAITING)
    by_platform = over_time("plateformes", "Messages par plateforme", posts, by="platform", condition=CONCERNS_US)
    by_topic = over_time("themes", "Messages par thème", posts, by="topics", condition=CONCERNS_US)
    topics = top("themes-premiers", "Thèmes", posts, "topics", size=15, condition=CONCERNS_US)
    places = top("departements", "Départements", posts, "departements", size=13, condition=CONCERNS_US)
    tags = top("hashtags", "Hashtags", posts, "hashtags", condition=CONCERNS_US)
    intents = top("intentions", "Ce que les gens veulent", posts, "intent", condition=CONCERNS_US)

    def board(name: str, title: str, description: str, *rows: Row, control: str = "", days: int = 7) -> Dashboard:
        chosen = (posts, control) if control else None
        return Dashboard(f"{posts.id}-tableau-{name}", title, description, rows, days, chosen)

    return [
        board(
            "ensemble",
            "Vue d'ensemble",
            "La semaine d'un coup d'œil.",
            Row((everything, voices, waiting), height=8),
            Row((by_platform, by_topic)),
            Row((topics, places, tags), height=14),
            Row((lists["Tendances"],), height=16),
            Row((lists["À répondre"],), height=20),
            Row((lists["Sources en panne"],), height=10),
        ),
        board(
            "plateformes",
            "Plateformes",
            "Où l'on parle de nous, et combien de personnes distinctes.",
            Row((by_platform,)),
            Row((table("voix-plateformes", "Voix par plateforme", posts, ["platform"], distinct="author"), intents)),
            Row((table("themes-plateformes", "Thèmes par plateforme", posts, ["platform", "topics"]),), height=18),
            days=28,
        ),
        board(
            "theme",
            "Un thème",
            "Choisissez un thème en haut de la page : tout ce qui suit n'en retient que celui-là.",
            Row((everything, voices, waiting), height=8),
            Row((by_platform, intents)),
            Row((places, tags)),
            Row((lists["À répondre"],), height=20),
            control="topics",
            days=28,
        ),
        board(
            "departements",
            "Départements",
            "De quoi on parle, et où. Choisissez un département en haut de la page.",
            Row((places, topics)),
            Row((over_time("departements-temps", "Messages par département", posts, by="departements"),)),
            Row((lists["Par département"],), height=24),
            control="departements",
            days=28,
        ),
        board(
            "jeunesse",
            "Jeunesse",
            "Ce qui parle des lycées et des jeunes.",
            Row(
                (
                    number("jeunesse", "Messages", posts, condition=_YOUNG),
                    number("jeunesse-voix", "Voix distinctes", posts, distinct="author", condition=_YOUNG),
                    number("jeunesse-attente", "À répondre", posts, condition=f"{_YOUNG} AND to_answer:true"),
                ),
                height=8,
            ),
            Row((over_time("jeunesse-temps", "Par plateforme", posts, by="platform", condition=_YOUNG),)),
            Row(
                (
                    top("jeunesse-hashtags", "Hashtags", posts, "hashtags", condition=_YOUNG),
                    top("jeunesse-departements", "Départements", posts, "departements", size=13, condition=_YOUNG),
                )
            ),
            days=28,
        ),
    ]
