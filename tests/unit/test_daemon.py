"""The daemon's jobs: what each asks of the schedule."""

from pathlib import Path

from tests.fakes.daemon import installation
from tests.fakes.line import a_line
from watcher.app import House
from watcher.daemon import RETENTION_RETRY_S, retention_job
from watcher.stores.elastic import Elastic


async def test_forgetting_is_tried_again_soon_when_elasticsearch_is_away(tmp_path: Path) -> None:
    line, journal = a_line(tmp_path)
    elastic = Elastic("http://127.0.0.1:9")
    house = House(installation(tmp_path, "http://127.0.0.1:9", "essai-", []), line, journal, elastic, {})
    assert await retention_job(house).run() == RETENTION_RETRY_S
    await elastic.close()
    journal.close()
