"""Figures of accounts from the studios' exports: whole or not at all, day by day, and how old people are."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.clock import NOON
from watcher.errors import Malformed
from watcher.imports.accounts import CheckedAccount, check_account, import_account
from watcher.imports.presets import AccountPreset, packaged, recognised
from watcher.stores.elastic import ACCOUNTS, TEMPLATES
from watcher.stores.journal import Journal

SAMPLES = Path(__file__).parents[1] / "data" / "imports"
TODAY = date(2026, 11, 24)


def checked(path: Path) -> CheckedAccount:
    form, preset = recognised(path, packaged())
    assert isinstance(preset, AccountPreset)
    return check_account(path, form, preset, "Région", TODAY)


def table(folder: Path, *lines: str) -> CheckedAccount:
    path = folder / "export.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return checked(path)


def faults(told: CheckedAccount) -> list[tuple[int, str]]:
    return [(fault.line, fault.reason) for fault in told.faults]


def waiting(journal: Journal) -> list[Any]:
    return [row.body for row in journal.outbox_batch(99, 10**6, NOON) if row.index == ACCOUNTS]


@pytest.mark.parametrize(
    ("file", "days", "counts", "in_day"),
    [
        ("tiktok-apercu.csv", 2, {}, {"views": 1234, "likes": 12, "comments": 3, "shares": 1}),
        ("tiktok-abonnes.csv", 2, {"followers": 8200}, {"new_followers": 12}),
        ("linkedin-abonnes.csv", 2, {}, {"new_followers": 7}),
        (
            "x-apercu.csv",
            2,
            {},
            {"views": 1234, "likes": 12, "replies": 5, "reposts": 4, "saves": 2, "new_followers": 7},
        ),
    ],
)
def test_an_export_by_days_is_recognised_and_read(
    file: str, days: int, counts: dict[str, int], in_day: dict[str, int]
) -> None:
    told = checked(SAMPLES / file)
    assert (told.preset.name, told.faults, len(told.days)) == (file.partition(".")[0], (), days)
    assert (told.days[0].day, told.days[0].counts, told.days[0].in_day) == (date(2026, 11, 20), counts, in_day)


@pytest.mark.parametrize(("file", "youngest"), [("meta-ages.csv", "18_24"), ("youtube-ages.csv", "13_17")])
def test_ages_are_one_day_of_percents(file: str, youngest: str) -> None:
    told = checked(SAMPLES / file)
    [day] = told.days
    assert (told.preset.name, told.faults, day.day) == (file.partition(".")[0], (), TODAY)
    assert next(iter(day.ages)) == youngest
    assert sum(day.ages.values()) == pytest.approx(100)
    assert day.ages["65_plus"] == pytest.approx(5.5 if "meta" in file else 5)


def test_all_is_written_at_once_and_once_more_is_the_same(journal: Journal) -> None:
    told = checked(SAMPLES / "tiktok-abonnes.csv")
    assert [import_account(told, journal, NOON) for _ in range(2)] == [2, 2]
    first, second = waiting(journal)
    assert (first["day"], first["followers"], first["in_day"]) == ("2026-11-20", 8200, {"new_followers": 12})
    assert (second["account"], second["source"]) == ("Région", "import-tiktok-abonnes")
    assert set(first) <= set(TEMPLATES[ACCOUNTS]["template"]["mappings"]["properties"])


def test_ages_fit_the_template(journal: Journal) -> None:
    import_account(checked(SAMPLES / "youtube-ages.csv"), journal, NOON)
    [body] = waiting(journal)
    properties = TEMPLATES[ACCOUNTS]["template"]["mappings"]["properties"]["ages"]["properties"]
    assert set(body["ages"]) == set(properties)


@pytest.mark.parametrize(
    ("lines", "line", "reason"),
    [
        (["Age,Women,Men", "18-24,40,30", "25-34,20,x"], 3, "« x » n'est pas une part"),
        (["Age,Women,Men", "18-24,-50,150"], 2, "« -50 » n'est pas une part"),
        (["Age,Women,Men", "18-24,nan,100"], 2, "« nan » n'est pas une part"),
        (["Age,Women,Men", "18-24,60,30", "20-29,10,0"], 3, "« 20-29 » n'est pas une tranche d'âge connue"),
        (["Age,Women,Men", "18-24,0.6,0.4"], 2, "les parts des âges font 1 %, et non 100"),
        (["Age,Women,Men", "18-24,50,0", "18-24,50,0"], 3, "ces chiffres de ce jour sont déjà dits plus haut"),
        (["Date,Followers,Difference in followers from previous day", "hier,1,1"], 2, "« hier » n'est pas une date"),
        (
            ["Date,Followers,Difference in followers from previous day", "2026-11-20,x,1"],
            2,
            "« x » n'est pas un nombre",
        ),
    ],
)
def test_a_faulty_row_is_named_by_its_line_and_nothing_is_written(
    tmp_path: Path, journal: Journal, lines: list[str], line: int, reason: str
) -> None:
    told = table(tmp_path, *lines)
    assert (line, reason) in faults(told)
    with pytest.raises(Malformed, match="Rien n'a été importé"):
        import_account(told, journal, NOON)
    assert waiting(journal) == []


def test_a_line_of_totals_is_no_day(tmp_path: Path) -> None:
    told = table(tmp_path, "Age,Women,Men", "18-24,60,40", "Total,60,40")
    assert (told.faults, [day.ages for day in told.days]) == ((), [{"18_24": 100.0}])
