"""A corrected post becomes an example in the team's own file."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes.clock import NOON
from tests.fakes.journals import commit
from tests.fakes.posts import a_post
from watcher import collect, config
from watcher.model import Deletion, Lease, Post
from watcher.stores.journal import Journal
from watcher.upkeep.examples import Examples, Teacher, example_of

SETTINGS = {name: found.Settings for name, found in collect.find().items()}
NAMES = {theme.id: theme.name for theme in config.load(Path("config"), SETTINGS).themes}
LEASES = {
    "linkedin": Lease(timedelta(hours=48), spares_own=True),
    "youtube": Lease(timedelta(days=30)),
}
POST = a_post("a", text="Plus un seul car\nce matin entre Lodève et Clermont !")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree("config", tmp_path / "config"))


@pytest.fixture
def examples(folder: Path, journal: Journal) -> Examples:
    return Examples(folder, SETTINGS, journal.corrections)


def lines(folder: Path) -> list[str]:
    return (folder / "themes.yml").read_text(encoding="utf-8").splitlines()


async def taught(examples: Examples, post: Post, *topics: str) -> str:
    return await Teacher(examples, NAMES, LEASES).teach(post, topics)


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("", "un   message\nsur deux lignes", "un message sur deux lignes"),
        ("Un titre", "Un titre", ""),
        ("Titre :", "un texte", "Titre : un texte"),
        ("", f"@{'ab' * 10} le car @laregion https://x.example.org/ab est là", "le car est là"),
        ("", "le car est là www.gazette.example/ab gazette.example.org, (l.example.org/x?y=z)", "le car est là"),
        ("", "le car : jeanne.b@gazette.example l'@Anne @anne@bus.example est là", "le car : est là"),
        ("", "à 8 h. 30, n° 1.5, le S.N.C.F. est là... oui", "à 8 h. 30, n° 1.5, le S.N.C.F. est là... oui"),
        ("", "appelez [téléphone masqué] demain", "appelez [téléphone masqué] demain"),
        ("", "mot \u202ecaché \u0007 ici", "mot caché ici"),
        ("", "trop court", ""),
        ("", "", ""),
    ],
)
def test_an_example_is_one_line_without_handles_and_addresses(title: str, text: str, expected: str) -> None:
    assert example_of(a_post("a", title=title, text=text)) == expected


def test_a_long_post_is_cut_between_words() -> None:
    example = example_of(a_post("a", text="mots " * 500))
    assert len(example) <= 400
    assert example.endswith("mots")


async def test_it_is_one_line_of_the_file_which_is_right_with_it(folder: Path, examples: Examples) -> None:
    before = lines(folder)
    said = await taught(examples, POST, "mobilites")
    assert "exemple de Mobilités" in said
    (line,) = [line for line in lines(folder) if line not in before]
    assert line == '      - "Plus un seul car ce matin entre Lodève et Clermont !"'
    assert [each for each in lines(folder) if each != line] == before
    by_id = {theme.id: theme for theme in config.load(folder, SETTINGS).themes}
    assert by_id["mobilites"].examples[0] == example_of(POST)


async def test_corrected_to_nothing_it_leaves_the_file_as_it_was(folder: Path, examples: Examples) -> None:
    before = lines(folder)
    await taught(examples, POST, "mobilites", "crises")
    assert len(lines(folder)) == len(before) + 2
    assert "Il n'y a pas d'exemple de plus" in await taught(examples, POST, "mobilites", "crises")
    assert await taught(examples, POST) == ""
    assert lines(folder) == before


async def test_a_short_post_teaches_nothing(folder: Path, examples: Examples) -> None:
    before = lines(folder)
    assert (
        await taught(examples, a_post("a", text="ok merci"), "mobilites") == "Il est trop court pour servir d'exemple."
    )
    assert lines(folder) == before


async def test_a_file_that_is_wrong_already_is_left_as_it_is_and_it_is_said(folder: Path, examples: Examples) -> None:
    path = folder / "themes.yml"
    path.write_text(path.read_text(encoding="utf-8") + "\n  cassé: [\n", encoding="utf-8")
    before = lines(folder)
    assert (await taught(examples, POST, "mobilites")).startswith("Il n'est pas devenu un exemple : ")
    assert lines(folder) == before


async def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, journal: Journal) -> None:
    examples = Examples(tmp_path, SETTINGS, journal.corrections)
    assert "vérifiez ses droits" in await taught(examples, POST, "mobilites")


@pytest.mark.parametrize(
    ("platform", "is_own", "is_example"),
    [
        ("linkedin", False, False),
        ("linkedin", True, True),
        ("youtube", False, False),
        ("youtube", True, False),
        ("rss", False, True),
    ],
)
async def test_what_a_platform_only_lends_is_no_example_and_it_is_said(
    folder: Path, examples: Examples, platform: str, *, is_own: bool, is_example: bool
) -> None:
    before = lines(folder)
    said = await taught(examples, a_post("a", platform=platform, is_own=is_own, text=POST.text), "mobilites")
    assert (lines(folder) != before) is is_example
    assert ("sa plateforme ne permet pas d'en garder les mots" in said) is not is_example


async def test_an_example_leaves_the_file_with_the_post_that_its_platform_deletes(
    folder: Path, examples: Examples, journal: Journal
) -> None:
    before = lines(folder)
    commit(journal, POST)
    await taught(examples, POST, "mobilites", "crises")
    assert await examples.take_out_orphans() == 0
    assert len(lines(folder)) == len(before) + 2
    commit(journal, deletions=[Deletion(native_id="a")], now=NOON)
    assert await examples.take_out_orphans() == 0
    assert lines(folder) == before
    assert not journal.corrections.orphans()


async def test_the_words_from_before_an_edit_leave_too(folder: Path, examples: Examples, journal: Journal) -> None:
    before = lines(folder)
    commit(journal, POST)
    await taught(examples, POST, "mobilites")
    await taught(examples, a_post("a", text="Les cars roulent de nouveau."), "mobilites")
    journal.erase([POST.id], [], [], NOON)
    await examples.take_out_orphans()
    assert lines(folder) == before


async def test_the_example_of_another_post_stays(folder: Path, examples: Examples, journal: Journal) -> None:
    await taught(examples, POST, "mobilites")
    before = lines(folder)
    await taught(examples, other := a_post("b", text="Les cars roulent de nouveau."), "mobilites")
    journal.erase([other.id], [], [], NOON)
    await examples.take_out_orphans()
    assert lines(folder) == before


async def test_what_cannot_be_taken_out_yet_waits(folder: Path, examples: Examples, journal: Journal) -> None:
    before = lines(folder)
    await taught(examples, POST, "mobilites")
    journal.erase([POST.id], [], [], NOON)
    path = folder / "themes.yml"
    right = path.read_text(encoding="utf-8")
    path.write_text(right + "\n  cassé: [\n", encoding="utf-8")
    assert await examples.take_out_orphans() == 1
    path.write_text(right, encoding="utf-8")
    assert await examples.take_out_orphans() == 0
    assert lines(folder) == before
