"""What the team reads for each way of breaking a file, word for word."""

import re
from pathlib import Path

import pytest

from tests.fakes.broken_config import BROKEN, folder_with, mistakes_in, told
from watcher.config.assemble import FILES

ENGLISH = frozenset(
    """
    the this that these it its is are was be been has have had not no yes of to in on for from by with without and but
    at as if than then must should can could may found expected unexpected allowed missing wrong bad error invalid valid
    value values input field fields extra extras forbidden permitted required string integer number float boolean list
    mapping dict dictionary sequence scalar key keys line column file unknown duplicate empty character escape
    while scanning parsing token block end start stream tag anchor alias quote quoted comma colon space indent
    greater less equal least most characters length items item unable parse match pattern try true false none null
    """.split()
)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_each_mistake_is_told_as_in_its_golden_file(path: Path, tmp_path: Path) -> None:
    replaced = f"{path.stem.split('.')[0]}.yml"
    mistakes = mistakes_in(folder_with(replaced, path.read_bytes(), tmp_path))
    assert {mistake.file for mistake in mistakes} == {replaced}
    assert told(mistakes) == path.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_each_mistake_has_its_line_what_to_type_and_no_english_word(path: Path, tmp_path: Path) -> None:
    mistakes = mistakes_in(folder_with(f"{path.stem.split('.')[0]}.yml", path.read_bytes(), tmp_path))
    assert mistakes
    for mistake in mistakes:
        assert mistake.line, mistake
        assert mistake.hint, mistake
        ours = re.sub(r"«[^»]*»|\"[^\"]*\"|https?://\S+", "", f"{mistake.message} {mistake.hint}")
        assert not ENGLISH.intersection(re.findall(r"[\w']+", ours.lower())), mistake


def test_every_key_is_told_except_where_no_key_is_meant() -> None:
    without = {
        path.stem for path in BROKEN if re.search(r"^\d+:\d+ $", path.with_suffix(".txt").read_text(), re.MULTILINE)
    }
    assert without == {"themes.deux-documents", "themes.tout-en-remarque", "themes.vide"}


def test_there_are_as_many_golden_files_as_broken_ones() -> None:
    assert {path.stem for path in BROKEN[0].parent.glob("*.txt")} == {path.stem for path in BROKEN}
    assert len(BROKEN) >= 50
    assert {path.stem.split(".")[0] for path in BROKEN} == {name.removesuffix(".yml") for name in FILES}
