"""The daemon's jobs: what each asks of the schedule."""

import shutil
from dataclasses import replace
from pathlib import Path

from tests.fakes.clock import NOON
from tests.fakes.daemon import installation
from tests.fakes.line import a_line
from tests.fakes.posts import a_post
from watcher import collect
from watcher.app import House, examples_of
from watcher.collectors.youtube import YouTubeSettings
from watcher.jobs import RETENTION_RETRY_S, lent_to, retention_job
from watcher.model import Source
from watcher.secrets import NamedSecret
from watcher.stores.elastic import Elastic


async def test_forgetting_is_tried_again_soon_when_elasticsearch_is_away(tmp_path: Path) -> None:
    line, journal = a_line(tmp_path)
    elastic = Elastic("http://127.0.0.1:9")
    house = House(installation(tmp_path, "http://127.0.0.1:9", "essai-", []), line, journal, elastic, {})
    assert await retention_job(house).run() == RETENTION_RETRY_S
    await elastic.close()
    journal.close()


async def test_examples_of_posts_that_are_gone_leave_the_team_s_file_with_what_is_forgotten(tmp_path: Path) -> None:
    line, journal = a_line(tmp_path)
    elastic = Elastic("http://127.0.0.1:9")
    folder = Path(shutil.copytree("config", tmp_path / "config"))
    made = replace(installation(tmp_path, "http://127.0.0.1:9", "essai-", []), config_folder=folder)
    before = (folder / "themes.yml").read_bytes()
    examples = examples_of(made, journal)
    assert examples
    post = a_post("1")
    assert await examples.add(post, "Plus un seul car ce matin", ["mobilites"]) == ("mobilites",)
    journal.erase([post.id], [], [], NOON)
    await retention_job(House(made, line, journal, elastic, {})).run()
    assert (folder / "themes.yml").read_bytes() == before
    await elastic.close()
    journal.close()


async def test_what_platforms_lend_is_known_by_the_sources_that_bring_it_at_rest_or_not(tmp_path: Path) -> None:
    line, journal = a_line(tmp_path)
    key = NamedSecret("WATCHER_YOUTUBE_CLE")
    mine = Source("notre-chaine", "youtube", YouTubeSettings(key=key, searches=("TER",)), 900.0)
    elastic = Elastic("http://127.0.0.1:9")
    made = installation(tmp_path, "http://127.0.0.1:9", "essai-", ["http://gazette.example/rss"])
    made = replace(made, config=replace(made.config, paused=(mine,)))
    house = House(made, line, journal, elastic, collect.find())
    lent = {each.platform: each.sources for each in lent_to(house)}
    assert (lent["youtube"], lent["linkedin"]) == ({"notre-chaine"}, frozenset())
    assert "rss" not in lent
    await elastic.close()
    journal.close()
