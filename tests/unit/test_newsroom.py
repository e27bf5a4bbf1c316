"""A week from its stored posts to its page, on a real Elasticsearch and a real journal."""

from datetime import datetime, timedelta
from pathlib import Path

from tests.fakes.daemon import installation
from tests.fakes.digests import TUESDAY, WEEK
from tests.fakes.posts import a_post
from watcher.digest.desk import keep, made
from watcher.gaps import Fate, Gap
from watcher.model import GapCause
from watcher.newsroom import desk_of
from watcher.ports import OutboxRow
from watcher.stores.documents import to_document
from watcher.stores.elastic import Elastic
from watcher.stores.journal import Journal
from watcher.stores.journal.gaps import gap_write

MONDAY = datetime.fromisoformat("2026-11-23T09:00:30+01:00")
HOUR = timedelta(hours=1)
DEAF = Gap("gazette", "rss", GapCause.OUTAGE, TUESDAY, TUESDAY + 4 * HOUR, Fate.LOST)


async def test_what_is_stored_is_what_is_compared_with_the_care_that_its_gaps_ask_for(
    tmp_path: Path, journal: Journal, es_url: str, es_prefix: str
) -> None:
    elastic = Elastic(es_url, prefix=es_prefix)
    await elastic.ensure_templates()
    ages = [-9 * HOUR, *(HOUR * n for n in range(30)), *(7 * 24 * HOUR + HOUR * n for n in range(36))]
    times = [WEEK.before.span[0] + age for age in ages]
    posts = [a_post(str(n), published_at=at, collected_at=at) for n, at in enumerate(times)]
    gap = gap_write(DEAF, MONDAY)
    rows = [OutboxRow(0, gap.index, gap.doc_id, 1, gap.body, attempts=0)]
    rows += [OutboxRow(1, "posts-2026.11.01", post.id, 1, to_document(post), attempts=0) for post in posts]
    answers = await elastic.bulk(rows)
    assert {answer.status for answer in answers} == {201}
    await elastic.client.indices.refresh(index=f"{es_prefix}*")

    desk = desk_of(installation(tmp_path, es_url, es_prefix, ["http://127.0.0.1/gazette"]), journal, elastic)
    digest = await made(desk, WEEK, MONDAY)
    await elastic.close()

    assert digest.figures[0].detail == "≈ +20\u00a0%, 30 la semaine d'avant"
    table = next(section.table for section in digest.sections if section.title == "Par plateforme")
    assert table
    assert [row.cells[:3] for row in table.rows] == [("36", "≈ 30 (+20\u00a0%)", "pas de données")]
    page = keep(desk, digest)
    assert page == tmp_path / "bilans" / "2026-semaine-47.html"
    assert "gazette non écouté mardi 17 de 14\u00a0h à 18\u00a0h" in page.read_text(encoding="utf-8")
    assert "Pas de données pour la semaine 47 de 2025." in page.read_text(encoding="utf-8")
