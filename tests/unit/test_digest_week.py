"""What Monday's digest says."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.fakes.digests import CALLS, GAP, TUESDAY, WEEK, a_past, an_activity, group, week_facts
from watcher.activity import AccountDay, Activity
from watcher.digest.document import Digest, Row, Section
from watcher.digest.edition import Week
from watcher.digest.facts import WeekFacts
from watcher.digest.week import week

TOPICS = {"crises": "Crises", "mobilites": "Mobilités", "lycees": "Lycées"}
NBSP = "\u00a0"


def told(facts: WeekFacts) -> Digest:
    return week(facts, TOPICS)


def part(facts: WeekFacts, title: str) -> Section:
    return next(section for section in told(facts).sections if section.title == title)


def rows(facts: WeekFacts, title: str) -> dict[str, Row]:
    table = part(facts, title).table
    assert table is not None
    return {row.name: row for row in table.rows}


def quiet() -> WeekFacts:
    """Return a week like the one before, all of it heard."""
    same = an_activity({"rss": group(100, 40, 5, gazette=100)}, {"lycees": group(30, 9, 1, gazette=30)})
    year = WEEK.year_before
    assert year
    return WeekFacts(
        a_past(WEEK, same),
        a_past(WEEK.before, same),
        a_past(year, Activity()),
        week_facts().made_at,
        by_day=(15,) * 7,
        by_day_before=(15,) * 7,
        sources={"rss": ("gazette",)},
    )


def test_each_platform_is_set_beside_the_week_before_and_the_year_before() -> None:
    press = rows(week_facts(), "Par plateforme")["Presse et blogs"]
    assert press.cells == ("820", f"760 (+8{NBSP}%)", f"610 (+34{NBSP}%)", "48", "12")


def test_a_comparison_across_a_small_gap_is_marked_and_says_why() -> None:
    platforms = part(week_facts(), "Par plateforme")
    assert rows(week_facts(), "Par plateforme")["Bluesky"].cells[1] == f"≈ 260 (+19{NBSP}%)"
    assert platforms.notes[0] == (
        f"Bluesky, comparaison prudente : bluesky non écouté mardi 17 de 14{NBSP}h à 18{NBSP}h."
    )


def test_a_comparison_across_a_large_gap_is_not_made_and_draws_no_bar() -> None:
    mastodon = rows(week_facts(), "Par plateforme")["Mastodon"]
    assert mastodon.cells[1] == "non comparé"
    assert len(mastodon.bars) == 1
    assert "+140" not in mastodon.said
    assert any(
        note.startswith("Mastodon, non comparé : piaille") for note in part(week_facts(), "Par plateforme").notes
    )


def test_topics_are_judged_by_the_sources_that_speak_of_them() -> None:
    topics = rows(week_facts(), "Par thème")
    assert [topics[name].cells[1] for name in ("Crises", "Mobilités", "Lycées")] == [
        f"≈ 60 (+600{NBSP}%)",
        f"≈ 280 (−7{NBSP}%)",
        "non comparé",
    ]


def test_the_year_before_is_not_compared_where_its_sources_were_not_yet_read() -> None:
    facts = week_facts()
    assert rows(facts, "Par thème")["Crises"].cells[2] == "non comparé"
    assert "Un an avant" in part(facts, "Par thème").notes[-1]


def test_a_year_without_data_says_so() -> None:
    facts = quiet()
    assert rows(facts, "Par plateforme")["Presse et blogs"].cells[2] == "pas de données"
    assert part(facts, "Par plateforme").notes == ("Pas de données pour la semaine 47 de 2025.",)


def test_a_week_53_has_no_year_before_and_says_so() -> None:
    long = replace(quiet(), past=a_past(Week(2026, 53), quiet().past.activity), year_before=None)
    assert told(long).subtitle.endswith("; 2025 n'a pas de semaine 53")
    assert part(long, "Par plateforme").notes == ()


def test_a_platform_that_fell_silent_keeps_its_line() -> None:
    facts = quiet()
    before = an_activity({"x": group(50, 20, x=50)}, {})
    facts = replace(facts, before=a_past(WEEK.before, before))
    assert rows(facts, "Par plateforme")["X"].cells[:2] == ("0", f"50 (−100{NBSP}%)")


def test_the_figures_on_top_are_compared_with_as_much_care() -> None:
    assert [figure.detail for figure in told(quiet()).figures[:3]] == [
        "stable, 100 la semaine d'avant",
        "stable, 40 la semaine d'avant",
        "stable, 5 la semaine d'avant",
    ]
    assert told(week_facts()).figures[0].detail.startswith("≈ +16")
    lost = a_past(WEEK, quiet().past.activity, [replace(GAP, source="gazette", until=TUESDAY + timedelta(hours=40))])
    assert {figure.detail for figure in told(replace(quiet(), past=lost)).figures[:3]} == {"non comparé"}


@pytest.mark.parametrize(
    ("nameless", "detail"), [(0, "stable, 40 la semaine d'avant"), (10, "≈ stable, 40 la semaine d'avant"), (11, "")]
)
def test_voices_are_compared_while_hardly_any_lost_their_names(nameless: int, detail: str) -> None:
    old = an_activity({"rss": group(100, 40, 5, nameless, gazette=100)}, {})
    figure = told(replace(quiet(), before=a_past(WEEK.before, old))).figures[1]
    assert (figure.value, figure.detail) == ("40", detail)


def test_the_active_community_is_told_with_its_definition() -> None:
    community = part(week_facts(), "La communauté active")
    assert community.lead == (
        f"3{NBSP}personnes ont écrit au moins deux fois cette semaine (≈ +1, 2 la semaine d'avant) ; "
        f"2{NBSP}ont écrit dans au moins trois des quatre dernières semaines."
    )
    assert "ni la presse" in community.notes[0]


def test_a_community_whose_names_are_gone_is_unknown() -> None:
    assert part(quiet(), "La communauté active").lead.startswith("Inconnue")
    assert part(quiet(), "Les réponses données").lead.startswith("Inconnues")


def test_answers_are_told_by_their_share_and_their_median_time() -> None:
    asked = [replace(CALLS[0], answered_at=CALLS[0].at + timedelta(hours=hours)) for hours in (1, 2, 9)] + [CALLS[1]]
    assert part(replace(quiet(), asked=asked), "Les réponses données").lead == (
        f"Sur 4{NBSP}messages qui appelaient une réponse, 3 en ont reçu une de nos comptes, soit 75{NBSP}% ; "
        f"la moitié en moins de 2{NBSP}h."
    )
    assert part(replace(quiet(), asked=[CALLS[1]]), "Les réponses données").lead.endswith(
        "aucun n'en a reçu une de nos comptes."
    )
    assert part(replace(quiet(), asked=()), "Les réponses données").lead == "Aucun message n'appelait de réponse."


def test_followers_are_the_last_of_each_week() -> None:
    accounts = rows(week_facts(), "Nos comptes")
    assert accounts["Instagram · occitanie"].cells == (
        "99\u202f410",
        f"+290 (+0,3{NBSP}%)",
        f"+8\u202f410 (+9,2{NBSP}%)",
    )
    assert accounts["Facebook · Région Occitanie"].cells == ("175\u202f020", "pas de données", "pas de données")


def test_followers_that_are_lost_or_still_there_are_told() -> None:
    def change(before: int, now: int) -> str:
        days = [AccountDay("x", "r", date(2026, 11, 14), before), AccountDay("x", "r", date(2026, 11, 16), now)]
        return rows(replace(quiet(), followers=days), "Nos comptes")["X · r"].cells[1]

    assert change(1000, 990) == f"−10 (−1,0{NBSP}%)"
    assert change(1000, 1000) == "stable"
    assert change(0, 4) == "+4"


def test_without_figures_of_our_accounts_the_part_says_so() -> None:
    assert part(quiet(), "Nos comptes").lead == "Aucun chiffre d'abonnés cette semaine."


def test_each_day_shows_where_a_source_that_counts_was_not_heard() -> None:
    days = part(week_facts(), "Jour par jour").columns
    assert [day.posts for day in days] == list(week_facts().by_day)
    assert [len(day.deaf) for day in days] == [0, 1, 0, 0, 0, 0, 0]
    ((since, until),) = days[1].deaf
    assert (round(since * 24), round(until * 24)) == (14, 18)


def test_a_source_of_few_posts_hatches_no_day() -> None:
    few = an_activity({"rss": group(100, 40, gazette=96, blog=4)}, {})
    past = a_past(WEEK, few, [replace(GAP, source="blog")])
    assert [day.deaf for day in part(replace(quiet(), past=past, before=past), "Jour par jour").columns] == [[]] * 7


def test_days_that_may_not_be_compared_bear_no_mark_of_the_week_before() -> None:
    lost = a_past(WEEK, quiet().past.activity, [replace(GAP, source="gazette", until=TUESDAY + timedelta(hours=40))])
    assert {day.before for day in part(replace(quiet(), past=lost), "Jour par jour").columns} == {None}


def test_a_gap_over_midnight_hatches_both_days() -> None:
    night = a_past(WEEK, quiet().past.activity, [replace(GAP, source="gazette", until=TUESDAY + timedelta(hours=12))])
    deaf = [day.deaf for day in part(replace(quiet(), past=night), "Jour par jour").columns]
    assert [[(round(a * 24), round(b * 24)) for a, b in each] for each in deaf[1:3]] == [[(14, 24)], [(0, 2)]]


def test_an_empty_watch_says_so() -> None:
    nothing = WeekFacts(
        a_past(WEEK, Activity()), a_past(WEEK.before, Activity()), None, quiet().made_at, (0,) * 7, (0,) * 7
    )
    assert part(nothing, "Par thème").lead == "Rien, ni cette semaine ni la semaine d'avant."
    assert part(nothing, "Ce qui n'a pas été entendu").lead.startswith("Rien")
