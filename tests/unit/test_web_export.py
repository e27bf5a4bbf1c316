"""Posts as a spreadsheet reads them: every cell back as it was, and none that is a formula."""

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.clock import NOON
from tests.fakes.page import LABELS
from tests.fakes.posts import written
from watcher.errors import Unreachable
from watcher.model import Post
from watcher.stores.queries import PlacedPost
from watcher.web import export
from watcher.web.export import HEADERS, harmless, lines


async def told(*posts: Post, times: int = 1) -> AsyncIterator[PlacedPost]:
    for _ in range(times):
        for post in posts:
            yield PlacedPost(NOON, post)


async def file_of(posts: AsyncIterator[PlacedPost]) -> str:
    return "".join([part async for part in lines(posts, LABELS)])


def read(file: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.removeprefix("\ufeff"), newline=""), delimiter=";"))


async def test_a_post_is_a_row_under_french_headers_behind_the_mark_that_excel_knows() -> None:
    post = replace(
        written("a", topics=("lycees", "crises"), departements=("34",), communes=("34145",), to_answer=True),
        text='Le "car" ; il\nne passe pas',
        metrics={"likes": 3, "replies": 2, "comments": 1},
    )
    file = await file_of(told(post))
    assert file.startswith("\ufeff")
    header, row = read(file)
    assert tuple(header) == HEADERS
    cells = dict(zip(header, row, strict=True))
    assert cells["Date (heure de Paris)"] == "2026-11-24 13:00"
    assert cells["Texte"] == 'Le "car" ; il\nne passe pas'
    assert cells["Thèmes"] == "Lycées, Crises et intempéries"
    assert (cells["Départements"], cells["Communes"]) == ("Hérault", "Lunel")
    assert (cells["À répondre"], cells["J'aime"], cells["Commentaires et réponses"]) == ("oui", "3", "3")
    assert (cells["Vues"], cells["Partages"]) == ("", "")


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+33", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "＝1+1", '=HYPERLINK("http://x")', "\u200b=1"],
)
async def test_no_text_of_a_stranger_is_a_formula(text: str) -> None:
    _, row = read(await file_of(told(replace(written("a"), text=text, title=text))))
    for cell in row[4:6]:
        assert cell.startswith("'")


@given(st.text())
def test_no_text_at_all_begins_as_a_formula_does(text: str) -> None:
    cell = str(harmless(text))
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert not cell.startswith(("\t", "\r"))


async def test_numbers_stay_numbers() -> None:
    assert harmless(12) == 12


async def test_a_file_that_is_cut_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MOST_ROWS", 3)
    rows = read(await file_of(told(written("a"), times=5)))
    assert len(rows) == 1 + 3 + 1
    assert rows[-1] == ["Fichier limité à 3 lignes : resserrez la période ou les filtres."]
    assert "limité" not in await file_of(told(written("a"), times=3))


async def test_a_file_that_breaks_off_says_so() -> None:
    async def breaking() -> AsyncIterator[PlacedPost]:
        yield PlacedPost(NOON, written("a"))
        raise Unreachable("Elasticsearch ne répond pas.")

    rows = read(await file_of(breaking()))
    assert rows[-1] == ["Fichier incomplet. Elasticsearch ne répond pas. Recommencez le téléchargement."]
