"""A corrected post becomes an example in the team's own file."""

import shutil
from pathlib import Path

import pytest

from tests.fakes.posts import a_post
from watcher import collect, config
from watcher.model import Post
from watcher.upkeep.examples import Teacher, example_of

SETTINGS = {name: found.Settings for name, found in collect.find().items()}
NAMES = {theme.id: theme.name for theme in config.load(Path("config"), SETTINGS).themes}
POST = a_post("a", text="Plus un seul car\nce matin entre Lodève et Clermont !")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree("config", tmp_path / "config"))


def lines(folder: Path) -> list[str]:
    return (folder / "themes.yml").read_text(encoding="utf-8").splitlines()


async def taught(folder: Path, post: Post, *topics: str) -> str:
    return await Teacher(folder, NAMES, SETTINGS).teach(post, topics)


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("", "un   message\nsur deux lignes", "un message sur deux lignes"),
        ("Un titre", "Un titre", ""),
        ("Titre :", "un texte", "Titre : un texte"),
        ("", f"@{'ab' * 10} le car @laregion https://x.example.org/ab est là", "le car @laregion est là"),
        ("", "appelez [téléphone masqué] demain", "appelez [téléphone masqué] demain"),
        ("", "mot \u202ecaché \u0007 ici", "mot caché ici"),
        ("", "trop court", ""),
        ("", "", ""),
    ],
)
def test_an_example_is_one_line_without_pseudonyms_and_addresses(title: str, text: str, expected: str) -> None:
    assert example_of(a_post("a", title=title, text=text)) == expected


def test_a_long_post_is_cut_between_words() -> None:
    example = example_of(a_post("a", text="mots " * 500))
    assert len(example) <= 400
    assert example.endswith("mots")


async def test_it_is_one_line_of_the_file_which_is_right_with_it(folder: Path) -> None:
    before = lines(folder)
    said = await taught(folder, POST, "mobilites")
    assert "exemple de Mobilités" in said
    (line,) = [line for line in lines(folder) if line not in before]
    assert line == '      - "Plus un seul car ce matin entre Lodève et Clermont !"'
    assert [each for each in lines(folder) if each != line] == before
    by_id = {theme.id: theme for theme in config.load(folder, SETTINGS).themes}
    assert by_id["mobilites"].examples[0] == example_of(POST)


async def test_corrected_to_nothing_it_leaves_the_file_as_it_was(folder: Path) -> None:
    before = lines(folder)
    await taught(folder, POST, "mobilites", "crises")
    assert len(lines(folder)) == len(before) + 2
    assert "Il n'y a pas d'exemple de plus" in await taught(folder, POST, "mobilites", "crises")
    assert await taught(folder, POST) == ""
    assert lines(folder) == before


async def test_a_short_post_teaches_nothing(folder: Path) -> None:
    before = lines(folder)
    assert await taught(folder, a_post("a", text="ok merci"), "mobilites") == "Il est trop court pour servir d'exemple."
    assert lines(folder) == before


async def test_a_file_that_is_wrong_already_is_left_as_it_is_and_it_is_said(folder: Path) -> None:
    path = folder / "themes.yml"
    path.write_text(path.read_text(encoding="utf-8") + "\n  cassé: [\n", encoding="utf-8")
    before = lines(folder)
    assert (await taught(folder, POST, "mobilites")).startswith("Il n'est pas devenu un exemple : ")
    assert lines(folder) == before


async def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    assert "vérifiez ses droits" in await taught(tmp_path, POST, "mobilites")
