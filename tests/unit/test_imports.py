"""An export goes down the line as collected pages do: whole or not at all, once, and on from where it was cut."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.fakes.line import ScriptedCollector, ScriptedReader, a_line
from watcher.errors import ConfigError, Malformed
from watcher.flow import Line, collect_source
from watcher.french import PARIS
from watcher.imports import Checked, check, import_file
from watcher.imports.moments import moment_of
from watcher.imports.presets import packaged, written
from watcher.imports.rows import count_of, post_of
from watcher.imports.tables import rows
from watcher.model import Outcome, Post, RawPost, Source
from watcher.stores.journal import Journal

SAMPLES = Path(__file__).parents[1] / "data" / "imports"
HEADER = "Post id,Date,Post text,Post Link,Likes\n"
X_ID = "1990000000000000001"


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[tuple[Line, Journal]]:
    line, journal = a_line(tmp_path)
    yield line, journal
    journal.close()


def x_file(folder: Path, count: int, *, faulty: str = "") -> Path:
    path = folder / "export.csv"
    lines = [f"{number},2026-11-20,Le train {number},,1\n" for number in range(1, count + 1)]
    path.write_text(HEADER + "".join(lines) + faulty, encoding="utf-8")
    return path


def posts_of(checked: Checked) -> list[RawPost]:
    made = [post_of(row.cells, checked.preset) for row in rows(checked.path, checked.form)]
    return [post for post in made if post]


@pytest.mark.parametrize(
    ("file", "native_id", "metrics"),
    [
        ("x-analyses.csv", X_ID, {"views": 1234, "likes": 12}),
        ("meta-facebook.csv", "77_555", {"likes": 10, "comments": 2, "shares": 1, "views": 300}),
        ("meta-instagram.csv", "17890000000000001", {"likes": 3}),
        ("linkedin-analyses.csv", "urn:li:share:700", {"views": 1234}),
        ("tiktok-studio.csv", "7570000000000000000", {"likes": 4, "views": 90}),
        ("youtube-studio.csv", "abcdefghijk", {"views": 90}),
        ("zeeschuimer-tiktok.ndjson", "7570000000000000000", {"likes": 4}),
        ("zeeschuimer-x.ndjson", X_ID, {"likes": 2}),
        ("4cat-tiktok.csv", "7570000000000000000", {"likes": 4}),
        ("minet-x.csv", X_ID, {"likes": 2}),
    ],
)
def test_each_preset_is_recognised_and_gives_the_platforms_own_id(
    file: str, native_id: str, metrics: dict[str, int]
) -> None:
    checked = check(SAMPLES / file, packaged())
    assert (checked.preset.name, checked.faulty) == (file.partition(".")[0], 0)
    [post] = posts_of(checked)
    assert (post.native_id, post.metrics) == (native_id, metrics)
    assert post.published_at is not None
    assert post.published_at.tzinfo is not None


def test_a_formula_stays_text() -> None:
    [post] = posts_of(check(SAMPLES / "x-analyses.csv", packaged()))
    assert post.text == '=HYPERLINK("https://example.org")'


def test_the_same_figures_are_two_dates_by_the_language_of_the_export() -> None:
    dates = [
        posts_of(check(SAMPLES / file, packaged()))[0].published_at
        for file in ("meta-facebook.csv", "meta-instagram.csv")
    ]
    assert dates == [datetime(2026, 11, 5, 14, 5, tzinfo=PARIS)] * 2


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-05T14:05:00Z", datetime(2026, 11, 5, 14, 5, tzinfo=UTC)),
        ("2026-11-05 14:05", datetime(2026, 11, 5, 14, 5, tzinfo=PARIS)),
        ("05/11/2026 14:05", datetime(2026, 11, 5, 14, 5, tzinfo=PARIS)),
        ("5 août 2026 à 9h05", datetime(2026, 8, 5, 9, 5, tzinfo=PARIS)),
        ("Fri, Nov 20, 2026", datetime(2026, 11, 20, tzinfo=PARIS)),
        ("Nov 20, 2026 2:05 PM", datetime(2026, 11, 20, 14, 5, tzinfo=PARIS)),
        ("1er décembre 2026", datetime(2026, 12, 1, tzinfo=PARIS)),
        ("Fri Nov 20 20:19:24 +0000 2026", datetime(2026, 11, 20, 20, 19, 24, tzinfo=UTC)),
        ("1794000000", datetime.fromtimestamp(1794000000, UTC)),
    ],
)
def test_dates_are_read_in_several_forms(text: str, at: datetime) -> None:
    assert moment_of(text) == at


@pytest.mark.parametrize("text", ["hier", "31/31/2026", "November 5", "99999999999999"])
def test_what_is_no_date_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="n'est pas une date"):
        moment_of(text)


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "1.1.1000"])
def test_a_date_that_no_clock_tells_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="trop lointaine"):
        moment_of(text)


@pytest.mark.parametrize("text", ["1" + "0" * 30, "1e30", "-1e30", "1 000 000 000 000 000 000"])
def test_a_count_that_no_store_holds_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="est un nombre démesuré"):
        count_of(text)


@pytest.mark.parametrize(("text", "count"), [("1 234", 1234), ("1,234", 1234), ("12,0", 12), ("", None), ("--", None)])
def test_counts_are_read_in_several_spellings(text: str, count: int | None) -> None:
    assert count_of(text) == count


@given(
    text=st.text(st.sampled_from('éàôabc ,;\t"\n=+-'), min_size=1).filter(lambda text: text.strip()),
    separator=st.sampled_from([",", ";", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
def test_a_text_is_the_same_in_every_encoding_and_separator(
    tmp_path_factory: pytest.TempPathFactory, text: str, separator: str, encoding: str
) -> None:
    path = tmp_path_factory.mktemp("export") / "export.csv"
    quoted = '"' + text.replace('"', '""') + '"'
    table = [("Post id", "Post text"), ("12", quoted)]
    path.write_bytes("".join(separator.join(row) + "\r\n" for row in table).encode(encoding))
    assert [post.text for post in posts_of(check(path, packaged()))] == [text.strip()]


async def test_one_faulty_row_and_nothing_is_written(tmp_path: Path, stand: tuple[Line, Journal]) -> None:
    line, journal = stand
    checked = check(x_file(tmp_path, 3, faulty="4,demain,Le car,,1\n1.99E+18,,Le bus,,\n"), packaged())
    assert [fault.line for fault in checked.faults] == [5, 6]
    with pytest.raises(Malformed, match="Rien n'a été importé"):
        await import_file(checked, line)
    assert journal.waiting() == 0
    report = await import_file(checked, line, skips_faults=True)
    assert (report.new, journal.waiting()) == (3, 3)


class Breaks(ScriptedReader):
    """Stops the program at its second page, as a kill would."""

    async def read(self, posts: object) -> list[Post]:  # type: ignore[override]
        if self.read_ids:
            raise KeyboardInterrupt
        return await super().read(posts)  # type: ignore[arg-type, return-value]


async def test_an_import_that_was_cut_goes_on_where_it_was(tmp_path: Path) -> None:
    checked = check(x_file(tmp_path, 450), packaged())
    line, journal = a_line(tmp_path, Breaks())
    with pytest.raises(KeyboardInterrupt):
        await import_file(checked, line)
    assert journal.waiting() == 200
    journal.close()
    line, journal = a_line(tmp_path)
    report = await import_file(checked, line)
    assert (report.new, report.repeated, journal.waiting()) == (250, 0, 450)
    journal.close()


async def test_the_same_file_twice_is_one(tmp_path: Path, stand: tuple[Line, Journal]) -> None:
    line, journal = stand
    checked = check(x_file(tmp_path, 3), packaged())
    await import_file(checked, line)
    assert (await import_file(checked, line)).outcome is Outcome.UNCHANGED
    longer = check(x_file(tmp_path, 4), packaged())
    report = await import_file(longer, line)
    assert (report.new, report.repeated, journal.waiting()) == (1, 3, 4)


async def test_a_post_that_was_collected_too_is_one(stand: tuple[Line, Journal]) -> None:
    line, journal = stand
    collected = RawPost(X_ID, "Le train")
    await collect_source(Source("x", "x", settings=None, interval_s=900), ScriptedCollector([collected]), line)
    report = await import_file(check(SAMPLES / "x-analyses.csv", packaged()), line)
    assert (report.new, report.repeated, journal.waiting()) == (0, 1, 1)


def test_a_mapping_of_the_teams_own_reads_any_table(tmp_path: Path) -> None:
    mapping, table = tmp_path / "outil.yml", tmp_path / "outil.csv"
    mapping.write_text(
        "nom: outil\nintitule: Notre outil\nplateforme: rss\ncolonnes:\n  id: Numéro\n  texte: [Message]\n",
        encoding="utf-8",
    )
    table.write_text("NUMERO;message\n7;Bonjour\n", encoding="utf-8")
    [post] = posts_of(check(table, (written(mapping),)))
    assert (post.native_id, post.text) == ("7", "Bonjour")


def test_a_mapping_with_an_unknown_key_is_a_mistake(tmp_path: Path) -> None:
    mapping = tmp_path / "outil.yml"
    mapping.write_text("nom: outil\nintitule: O\nplateforme: x\ncolonnes:\n  texto: a\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="texto"):
        written(mapping)


def test_a_table_that_nobody_knows_is_told_with_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "recettes.csv"
    path.write_text("plat,prix\naligot,12\n", encoding="utf-8")
    with pytest.raises(Malformed, match="plat, prix"):
        check(path, packaged())


def test_a_line_of_json_that_is_cut_is_told_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "export.ndjson"
    whole = (SAMPLES / "zeeschuimer-x.ndjson").read_text(encoding="utf-8")
    path.write_text(whole + whole[:40] + "\n" + "[" * 100_000, encoding="utf-8")
    assert [fault.line for fault in check(path, packaged()).faults] == [2, 3]


def workbook(path: Path, *table: tuple[object, ...]) -> Path:
    book = Workbook()
    sheet = book.create_sheet("Posts")
    for row in table:
        sheet.append(row)
    book.save(path)
    return path


def test_the_sheet_of_a_workbook_is_found_under_its_titles(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "export.xlsx",
        ("Analyses de notre compte",),
        ("Post id", "Date", "Post text", "Likes"),
        (X_ID, datetime(2026, 11, 20, 14, 5), '=CMD("x")', 12.0),  # noqa: DTZ001 - spreadsheets know no zone
    )
    [post] = posts_of(check(path, packaged()))
    assert (post.native_id, post.text, post.metrics) == (X_ID, '=CMD("x")', {"likes": 12})
    assert post.published_at == datetime(2026, 11, 20, 14, 5, tzinfo=PARIS)


def test_an_id_that_a_spreadsheet_rounded_is_a_fault(tmp_path: Path) -> None:
    path = workbook(tmp_path / "export.xlsx", ("Post id", "Post text"), (int(X_ID), "Le train"))
    [fault] = check(path, packaged()).faults
    assert (fault.line, "arrondi" in fault.reason) == (2, True)


def test_a_broken_workbook_is_told(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    with ZipFile(path, "w") as packed:
        packed.writestr("rien", "rien")
    with pytest.raises(Malformed, match="n'est pas un classeur lisible"):
        check(path, packaged())


@pytest.mark.parametrize(
    ("table", "faulty", "read"),
    [
        ('1,Le train\n2,"Le "car"\n3,Le bus\n4,"Le vélo', [3, 5], ["1", "3"]),
        ('1,"Le train\nde Lodève"\n2,Le car,,de trop\n3,Le bus\n', [4], ["1", "3"]),
    ],
)
def test_a_row_that_is_ill_written_costs_no_other(
    tmp_path: Path, table: str, faulty: list[int], read: list[str]
) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Post id,Post text\n" + table, encoding="utf-8")
    checked = check(path, packaged())
    assert [fault.line for fault in checked.faults] == faulty
    made = [post_of(row.cells, checked.preset) for row in rows(path, checked.form) if not row.problem]
    assert [post.native_id for post in made if post] == read
