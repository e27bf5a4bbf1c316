"""The view of the digests: all by month, each as it was written, under a policy that lets nothing more in."""

from pathlib import Path

import httpx
import pytest

from tests.fakes.digests import morning_facts
from tests.fakes.page import LABELS, FakeQueries, page
from watcher.digest.morning import morning
from watcher.digest.page import page as written
from watcher.stores.digests import DigestFiles, policy_of
from watcher.web.digests import months

DIGEST = written(morning(morning_facts(), LABELS.named), "Veille")


@pytest.fixture
def files(tmp_path: Path) -> DigestFiles:
    return DigestFiles(tmp_path / "bilans")


async def got(files: DigestFiles, address: str) -> httpx.Response:
    transport = httpx.ASGITransport(page(FakeQueries(), digests=files))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        return await client.get(address)


def test_digests_are_called_as_people_do_and_put_under_their_month() -> None:
    assert months(["2026-12-01", "2026-semaine-47", "2026-11-02"]) == [
        ("décembre 2026", [("2026-12-01", "Matin du mardi 1er décembre 2026")]),
        (
            "novembre 2026",
            [
                ("2026-semaine-47", "Semaine 47, du lundi 16 novembre 2026 au dimanche 22 novembre 2026"),
                ("2026-11-02", "Matin du lundi 2 novembre 2026"),
            ],
        ),
    ]


async def test_the_list_leads_to_each(files: DigestFiles) -> None:
    files.write("2026-11-24", DIGEST)
    listed = await got(files, "/bilans")
    assert '<a href="/bilans/2026-11-24.html">Matin du mardi 24 novembre 2026</a>' in listed.text
    assert (await got(files, "/bilans/2026-11-24.html")).text == DIGEST


async def test_a_fresh_watch_says_when_the_first_will_come(files: DigestFiles) -> None:
    assert "Aucun bilan encore" in (await got(files, "/bilans")).text


@pytest.mark.parametrize("name", ["2026-11-23", "..%2Fjournal", "journal"])
async def test_what_is_no_digest_is_not_found(files: DigestFiles, name: str) -> None:
    files.folder.mkdir()
    (files.folder.parent / "journal.html").write_text("secret")
    (files.folder / "journal.html").write_text("secret")
    answer = await got(files, f"/bilans/{name}.html")
    assert answer.status_code == 404
    assert "secret" not in answer.text


async def test_a_digest_lets_in_its_own_sheet_and_keeps_every_other_guard(files: DigestFiles) -> None:
    files.write("2026-11-24", DIGEST)
    listed, shown = await got(files, "/bilans"), await got(files, "/bilans/2026-11-24.html")
    policy = shown.headers["content-security-policy"]
    assert policy == f"{policy_of(DIGEST)}; frame-ancestors 'none'"
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    for name in ("x-content-type-options", "x-frame-options", "cache-control", "cross-origin-opener-policy"):
        assert shown.headers[name] == listed.headers[name]
    assert "style-src 'self'" in listed.headers["content-security-policy"]


def test_a_page_without_a_sheet_lets_none_in() -> None:
    assert policy_of("<p>") == policy_of("<style></style>")
