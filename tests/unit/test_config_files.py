"""The configuration that is shipped: it loads, and every key in it is explained."""

import ast
import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from tests.pictures import PICTURES
from watcher import collect, config
from watcher.config.hints import keys_at
from watcher.config.load import parse
from watcher.config.models import InstanceModel, SourceModel, ThemesModel
from watcher.config.team import TeamModel
from watcher.config.territory import TerritoryModel
from watcher.config.tree import Tree

FOLDER = Path(__file__).parents[2] / "config"
GUIDE = (FOLDER / "LISEZMOI.md").read_text(encoding="utf-8")
FILES = sorted(FOLDER.glob("*.yml"))


def settings_by_platform() -> dict[str, type[BaseModel]]:
    return {name: collector.Settings for name, collector in collect.find().items()}


def keys_in(tree: Tree) -> set[str]:
    """Return the keys of a file, but for the names that the team gives to its own themes."""
    if isinstance(tree, dict):
        own = tree.get("themes")
        below = own.values() if isinstance(own, dict) else tree.values()
        return set(tree) | {key for part in below for key in keys_in(part)}
    return {key for part in tree for key in keys_in(part)} if isinstance(tree, list) else set()


def remarks_in(text: str) -> str:
    return "\n".join(re.findall(r"(?:^|\s)#(.*)", text))


def texts_in(path: Path) -> list[str]:
    """Return what a file says: of a program its strings, each in one piece."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return [text]
    nodes = list(ast.walk(ast.parse(text)))
    pieces = [
        "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
        for node in nodes
        if isinstance(node, ast.JoinedStr)
    ]
    return pieces + [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def cited_in(text: str) -> set[str]:
    """Return the sections of the guide that `text` sends its reader to."""
    found = re.findall(r"LISEZMOI\.md, (?:« )?([A-ZÀÉÊ][^»).]*?)(?: »|[).])|« ([^«»]+) » dans LISEZMOI\.md", text)
    return {after or before for after, before in found}


def test_the_shipped_configuration_loads() -> None:
    loaded = config.load(FOLDER, settings_by_platform())
    assert len(loaded.sources) >= 20
    assert len(loaded.themes) == 15


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_key_of_a_shipped_file_is_explained(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    explained = remarks_in(text) + GUIDE
    unexplained = {key for key in keys_in(parse(text, path.name).tree) if not re.search(rf"\b{key}\b", explained)}
    # A key with its remark on the line above, or behind it, is explained where it stands.
    beside = re.findall(r"^ *#[^\n]*\n *(?:- )?(\w+):|^ *(?:- )?(\w+):[^\n#]* # ", text, re.MULTILINE)
    assert unexplained <= {key for pair in beside for key in pair}


@pytest.mark.parametrize(
    "loc_model",
    [
        (InstanceModel, ()),
        (InstanceModel, ("conservation",)),
        (InstanceModel, ("elasticsearch",)),
        (InstanceModel, ("page",)),
        (SourceModel, ()),
        (SourceModel, ("budget",)),
        (SourceModel, ("budget", "prix")),
        (ThemesModel, ("themes", "lycees")),
        (TerritoryModel, ()),
        (TerritoryModel, ("institution",)),
        (TerritoryModel, ("lieux", 0)),
        (TeamModel, ()),
        (TeamModel, ("membres", 0)),
    ],
    ids=str,
)
def test_every_key_that_can_be_written_is_in_the_guide(
    loc_model: tuple[type[BaseModel], tuple[str | int, ...]],
) -> None:
    keys = keys_at(*loc_model)
    assert keys
    assert [key for key in keys if f"`{key}`" not in GUIDE] == []


@pytest.mark.parametrize("platform", sorted(collect.find()))
def test_a_platform_refuses_keys_it_does_not_know_and_explains_its_own(platform: str) -> None:
    settings = settings_by_platform()[platform]
    assert settings.model_config.get("extra") == "forbid"
    assert not set(keys_at(settings, ())) & set(keys_at(SourceModel, ()))
    assert [key for key in keys_at(settings, ()) if f"`{key}`" not in GUIDE] == []


def test_every_section_of_the_guide_that_a_message_cites_is_there() -> None:
    told = [*FOLDER.parent.glob("watcher/**/*.py"), *FOLDER.parent.glob("watcher/**/*.html"), *FILES]
    cited = {section for path in told for text in texts_in(path) for section in cited_in(text)}
    assert len(cited) >= 5
    assert cited <= set(re.findall(r"^#+ (.+?)(?: \(.+\))?$", GUIDE, re.MULTILINE))


def test_a_section_that_is_not_there_is_seen() -> None:
    assert cited_in("Faites-en un autre (LISEZMOI.md, Meta).") == {"Meta"}
    assert cited_in("voir « Où vont les clés » dans LISEZMOI.md") == {"Où vont les clés"}


def test_every_picture_is_shown_with_what_it_shows_in_words_and_is_small() -> None:
    shown = {name: words for words, name in re.findall(r"!\[(.*?)\]\(images/(.+?)\)", GUIDE)}
    assert set(shown) == {path.name for path in (FOLDER / "images").iterdir()} == {f"{name}.png" for name in PICTURES}
    assert all(len(words) > 30 for words in shown.values())
    assert max(path.stat().st_size for path in (FOLDER / "images").iterdir()) <= 150_000
