"""`watcher sources add`: asks, shows, checks, then writes one entry and nothing else."""

import asyncio
import io
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.feeds import FeedServer
from watcher import app
from watcher.cli import main
from watcher.demo.mastodon import MastodonInstance
from watcher.model import Source
from watcher.secrets import environment
from watcher.web.server import serving

ROOT = Path(__file__).parents[2]
LISTED = """# Nos sources. Ce commentaire reste.
sources:
  - nom: ancienne   # la première
    plateforme: rss
    actif: non
    adresse: https://www.exemple.fr/rss.xml

# Fin de la liste.
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation: the shipped settings with one source, and no data yet."""
    monkeypatch.setenv("WATCHER_ALLOW_LOOPBACK", "1")
    shutil.copytree(ROOT / "config", tmp_path / "config")
    (tmp_path / "config" / "sources.yml").write_text(LISTED, encoding="utf-8")
    return tmp_path


@pytest.fixture
def feed(tmp_path: Path) -> Iterator[str]:
    """The address of a real feed of thirty posts."""
    (tmp_path / "site").mkdir()
    items = "".join(f"<item><guid>{n}</guid><title>Marché de Lodève, étal {n}</title></item>" for n in range(30))
    rss = f'<rss version="2.0"><channel>{items}</channel></rss>'
    (tmp_path / "site" / "etals.rss").write_text(rss, encoding="utf-8")
    (tmp_path / "site" / "vide.rss").write_text('<rss version="2.0"><channel></channel></rss>', encoding="utf-8")
    with FeedServer(tmp_path / "site") as server:
        yield server.url("etals.rss")


def add(folder: Path, *words: str) -> int:
    return main(["sources", "add", *words, "--config", str(folder / "config"), "--donnees", str(folder / "var")])


def written(folder: Path) -> str:
    return (folder / "config" / "sources.yml").read_text(encoding="utf-8")


def last(folder: Path) -> Source:
    return app.load_config(folder / "config", folder / "var").sources[-1]


def answers(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_an_address_with_all_its_answers_is_shown_and_added(
    folder: Path, feed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--nom", "etals", "--departements", "31,34", "--auteurs", "media", "--intervalle", "1 h", "--oui"]
    assert add(folder, feed, *options) == 0
    assert "30 messages" in capsys.readouterr().out
    assert written(folder) == LISTED + (
        "\n  - nom: etals\n    plateforme: rss\n    intervalle: 1 h\n    auteurs: media\n"
        f'    departements: ["31", "34"]\n    adresse: {feed}\n'
    )
    source = last(folder)
    assert (source.name, source.author_kind, source.interval_s) == ("etals", "media", 3600)
    assert source.territory == ("31", "34")


def test_what_is_not_given_is_proposed(folder: Path, feed: str) -> None:
    assert add(folder, feed, "--oui") == 0
    assert add(folder, feed.replace("127.0.0.1", "localhost"), "--oui") == 0
    names = [source.name for source in app.load_config(folder / "config").sources]
    assert names == ["127-0-0", "localhost"]


def test_a_wrong_answer_is_told_and_asked_again(
    folder: Path, feed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers(monkeypatch, "Étals !", "ancienne", "etals", "presse", "media", "15", "", "9", "09", "oui")
    assert add(folder, feed) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "minuscules sans accent" in said
    assert "« ancienne » est déjà pris" in said
    assert "« presse » n'est pas un choix possible" in said
    assert "Il faut une durée" in said
    assert 'vouliez-vous dire "09" (Ariège)' in said
    assert last(folder).territory == ("09",)


@pytest.mark.parametrize("said", ["non", ""], ids=["no", "the end"])
def test_without_a_yes_nothing_is_written(folder: Path, feed: str, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    answers(monkeypatch, "etals", "media", "1 h", "34", *([said] if said else []))
    assert add(folder, feed) in {1, 130}
    assert written(folder) == LISTED


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (["FLUX", "--nom", "ancienne"], (2, "« ancienne » est déjà pris")),
        (["FLUX", "--nom", "Étals"], (2, "minuscules sans accent")),
        (["FLUX", "--auteurs", "presse"], (2, "n'est pas un choix possible")),
        (["FLUX", "--intervalle", "1 s"], (2, "faut une durée comprise entre")),
        (["FLUX", "--departements", "75"], (2, "n'est pas un département de la région")),
        (["FLUX", "--reglage", "adrese=x"], (2, "vouliez-vous dire « adresse »")),
        (["FLUX", "--plateforme", "rss"], (2, "pas les deux")),
        (["FLUX.absent"], (1, "404")),
        (["une phrase"], (2, "adresse")),
        ([], (2, "--plateforme")),
        (["--plateforme", "mastadon"], (2, "vouliez-vous dire « mastodon »")),
        (["--plateforme", "telegram"], (2, "prévue")),
        (["--plateforme", "mastodon", "--reglage", "instance=exemple.fr"], (2, "n'écouterait rien")),
    ],
)
def test_what_cannot_be_added_is_told_and_nothing_is_written(
    folder: Path, feed: str, capsys: pytest.CaptureFixture[str], words: list[str], refusal: tuple[int, str]
) -> None:
    status, says = refusal
    assert add(folder, *[word.replace("FLUX", feed) for word in words], "--oui") == status
    captured = capsys.readouterr()
    assert says in " ".join((captured.out + captured.err).split())
    assert written(folder) == LISTED
    assert not list((folder / "config").glob("*.part"))


def test_a_platform_that_is_not_read_yet_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers(monkeypatch, "telegram", "")
    assert add(folder) == 130
    said = " ".join(capsys.readouterr().out.split())
    assert "Telegram : prévue." in said
    assert "api_id et api_hash" in said


def test_the_same_source_twice_is_refused(folder: Path, feed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert add(folder, feed, "--nom", "etals", "--oui") == 0
    before = written(folder)
    assert add(folder, feed, "--nom", "encore", "--oui") == 2
    assert "lit la même chose que « etals »" in " ".join(capsys.readouterr().err.split())
    assert written(folder) == before


@pytest.mark.parametrize(
    ("name", "content"), [("sources.yml", "sources: []\n"), ("themes.yml", "themes:\n  Lycées !: {}\n")]
)
def test_a_configuration_that_cannot_take_it_stays_as_it_is(folder: Path, feed: str, name: str, content: str) -> None:
    (folder / "config" / name).write_text(content, encoding="utf-8")
    before = written(folder)
    assert add(folder, feed, "--oui") == 2
    assert written(folder) == before


def test_a_feed_that_is_empty_for_now_can_be_added(folder: Path, feed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert add(folder, feed.replace("etals", "vide"), "--nom", "vide", "--oui") == 0
    assert "aucun message pour le moment" in " ".join(capsys.readouterr().out.split())
    assert last(folder).name == "vide"


def test_the_file_keeps_its_rights_and_its_place(folder: Path, feed: str) -> None:
    path, elsewhere = folder / "config" / "sources.yml", folder / "ailleurs"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    elsewhere.chmod(0o640)
    assert add(folder, feed, "--oui") == 0
    assert path.is_symlink()
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o640
    assert written(folder).startswith(LISTED)


async def test_a_secret_is_asked_and_goes_apart(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    instance = MastodonInstance("127.0.0.1")
    instance.door = "user_only"
    instance.tokens = {"jeton-tres-secret"}
    instance.write("marie", "<p>Le marché de Lodève</p>", tags=("lodeve",))
    async with serving(instance) as address:
        asked = ["mastodon", address, "Midi-Pyrénées", "lodeve", "", "", "jeton-tres-secret"]
        answers(monkeypatch, *asked, "lodeve", "", "", "34", "oui")
        assert await asyncio.to_thread(add, folder) == 0
    captured = capsys.readouterr()
    assert "Midi-Pyrénées » n'est pas un hashtag" in captured.out
    assert "marché de Lodève" in " ".join(captured.out.split())
    kept = folder / "var" / "secrets.env"
    assert kept.read_text(encoding="utf-8") == "WATCHER_MASTODON_127_0_0_JETON=jeton-tres-secret\n"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert written(folder).startswith(LISTED)
    assert "    jeton: WATCHER_MASTODON_127_0_0_JETON\n" in written(folder)
    assert "tres-secret" not in written(folder) + captured.out + captured.err
    (secret,) = app.installation_of(folder / "config", folder / "var").secrets
    assert secret.reveal() == "jeton-tres-secret"


async def test_a_secret_that_is_named_and_unknown_is_asked_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    instance = MastodonInstance("127.0.0.1")
    instance.door = "user_only"
    instance.tokens = {"secret"}
    instance.write("marie", "<p>Le marché de Lodève</p>", tags=("lodeve",))
    async with serving(instance) as address:
        words = [f"{address}/tags/lodeve", "--reglage", "jeton=WATCHER_ESSAI"]
        assert await asyncio.to_thread(add, folder, *words, "--oui") == 1
        answers(monkeypatch, "secret", "lodeve", "", "", "", "oui")
        assert await asyncio.to_thread(add, folder, *words) == 0
    assert environment(folder / "var")["WATCHER_ESSAI"] == "secret"


def test_a_source_that_is_configured_is_tried_without_keeping_anything(
    folder: Path, feed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = f"sources:\n  - nom: etals\n    plateforme: rss\n    actif: non\n    adresse: {feed}\n"
    (folder / "config" / "sources.yml").write_text(entry, encoding="utf-8")
    places = ["--config", str(folder / "config"), "--donnees", str(folder / "var")]
    assert main(["sources", "test", "etals", *places]) == 0
    said = capsys.readouterr().out
    assert "30 messages, dont voici les premiers" in said
    assert said.count("étal") == 10
    assert main(["sources", "test", "etal", *places]) == 1
    assert "vouliez-vous dire « etals »" in " ".join(capsys.readouterr().err.split())
    journal = app.open_journal(folder / "var")
    assert (journal.seen.count(), journal.cursor("etals")) == (0, None)
    journal.close()
