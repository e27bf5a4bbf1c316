"""The catalogue says of every platform what it gives, and "prête" of those alone that the watch reads."""

import pytest
from rich.console import Console

from watcher import collect
from watcher.catalog import PLATFORMS, Platform, State, of_address
from watcher.cli import main
from watcher.cli.trying import show
from watcher.model import Outcome, RunReport
from watcher.trying import Trial

ASKED_FOR = {
    "youtube", "x", "facebook", "instagram", "linkedin", "threads", "tiktok", "reddit", "peertube", "lemmy", "telegram"
}  # fmt: skip


def test_ready_are_exactly_the_platforms_that_have_a_collector() -> None:
    assert {each.name for each in PLATFORMS if each.state is State.READY} == set(collect.find())


def test_every_platform_is_told_once() -> None:
    names = [each.name for each in PLATFORMS]
    assert len(names) == len(set(names))
    assert set(names) >= ASKED_FOR


@pytest.mark.parametrize("each", PLATFORMS, ids=lambda each: each.name)
def test_what_is_not_free_to_all_says_where_to_ask(each: Platform) -> None:
    assert each.gives
    assert each.price
    assert each.key.startswith(("aucune clé", "sans clé")) or "." in each.key


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://www.youtube.com/@region", "youtube"),
        ("x.com/region", "x"),
        ("https://m.facebook.com:443/region", "facebook"),
        ("https://old.reddit.com/r/toulouse?sort=new", "reddit"),
        ("https://netflix.com/", None),
        ("https://exemple.fr/x.com", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_whose_site_an_address_leads_to(address: str, name: str | None) -> None:
    found = of_address(address)
    assert (found and found.name) == name


def test_the_catalogue_is_shown_whole(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["sources", "catalog"]) == 0
    shown = capsys.readouterr().out
    assert [each.title for each in PLATFORMS if f"│ {each.title}" not in shown] == []
    assert "0,005 $" in shown


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("https://www.facebook.com/region", "watcher sources add --plateforme facebook"),
        ("https://t.me/region", "prévue"),
    ],
)
def test_an_address_that_cannot_be_read_without_a_key_says_what_its_platform_gives(
    capsys: pytest.CaptureFixture[str], address: str, says: str
) -> None:
    refused = Trial(RunReport("essai", Outcome.MALFORMED, "ce n'est pas un flux"), ())
    show(Console(width=300), refused, address)
    assert says in capsys.readouterr().out
