"""The files of the digests: whole, by name, thirteen months of them, and of what posts said until the next one."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.fakes.clock import NOON
from tests.fakes.digests import morning_facts
from tests.fakes.page import LABELS
from watcher.digest.morning import morning
from watcher.digest.page import page
from watcher.stores.digests import KEPT, DigestFiles, day_of

PAGE = page(morning(morning_facts(), LABELS.named), "Veille")


@pytest.fixture
def files(tmp_path: Path) -> DigestFiles:
    return DigestFiles(tmp_path / "bilans")


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2026-11-24", date(2026, 11, 24)),
        ("2026-semaine-47", date(2026, 11, 22)),
        ("2026-semaine-53", date(2027, 1, 3)),
        ("2025-semaine-53", None),
        ("2026-13-01", None),
        ("2026-11", None),
        ("../journal", None),
        ("notes", None),
    ],
)
def test_a_name_tells_its_day(name: str, day: date | None) -> None:
    assert day_of(name) == day


def test_digests_are_listed_the_latest_first_and_nothing_else(files: DigestFiles) -> None:
    assert files.names() == []
    for name in ("2026-11-22", "2026-semaine-47", "2026-11-24", "notes"):
        files.write(name, PAGE)
    assert files.names() == ["2026-11-24", "2026-semaine-47", "2026-11-22"]
    assert list(files.folder.glob("*.tmp")) == []


def test_a_digest_is_read_by_its_name_alone(files: DigestFiles) -> None:
    assert files.write("2026-11-24", PAGE).read_text(encoding="utf-8") == PAGE
    (files.folder.parent / "secret.html").write_text("x")
    assert files.read("2026-11-24") == PAGE
    assert [files.read(name) for name in ("2026-11-23", "../secret", "notes")] == [None] * 3


def test_thirteen_months_are_kept(files: DigestFiles) -> None:
    for name in ("2025-10-24", "2025-10-25", "notes"):
        files.write(name, PAGE)
    (files.folder / "2026-11-24.tmp").write_text("half")
    files.prune(NOON)
    assert list(files.folder.glob("*.tmp")) == []
    assert NOON.date() - KEPT == date(2025, 10, 24)
    files.prune(NOON + timedelta(days=1))
    assert files.names() == ["2025-10-25"]
    assert (files.folder / "notes.html").exists()


def test_what_posts_said_leaves_every_file_but_the_latest(files: DigestFiles) -> None:
    for name in ("2026-11-23", "2026-11-24"):
        files.write(name, PAGE)
    files.forget_quotes(but="2026-11-24")
    assert files.read("2026-11-24") == PAGE
    before = files.read("2026-11-23")
    assert before
    assert "Bloqués à l&#39;étage" in PAGE
    assert "Bloqués à l&#39;étage" not in before
    assert "example.org" not in before
    assert "6 messages sans réponse" in before.replace("\u00a0", " ")
    files.forget_quotes()
    assert "Bloqués" not in (files.read("2026-11-24") or "Bloqués")
