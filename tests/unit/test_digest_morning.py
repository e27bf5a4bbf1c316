"""What the morning's digest says."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.digests import CALLS, EXAMPLE, FLOOD, MADE_AT, MORNING, a_source, asked, morning_facts
from tests.fakes.page import LABELS
from watcher.activity import Activity, Group
from watcher.digest.document import Digest, Section
from watcher.digest.facts import MorningFacts
from watcher.digest.morning import morning, urgent, voices
from watcher.gaps import Fate
from watcher.health import Condition
from watcher.model import PostId
from watcher.trend import PHRASE, Trend, Why

QUIET = MorningFacts(MORNING, MADE_AT, Activity())


def told(facts: MorningFacts) -> Digest:
    return morning(facts, LABELS.named)


def part(facts: MorningFacts, title: str) -> Section:
    return next(section for section in told(facts).sections if section.title == title)


def test_what_rose_comes_by_rank_with_its_sentence_its_curve_and_an_example() -> None:
    first, second = part(morning_facts(), "Ce qui monte").items
    assert first.text.startswith("#crue : 34 voix en 60 min (attendu 2), surtout à Lunel (34)")
    assert (first.mark, first.curve) == ("En hausse", FLOOD.why.curve)
    assert [quote.text for quote in first.quotes] == [EXAMPLE.text]
    assert second.text.startswith("#untrainpourmende")


def test_a_phrase_whose_words_are_gone_is_not_told() -> None:
    unknown = replace(FLOOD, kind=PHRASE, term="5f3a", why=Why())
    assert part(replace(QUIET, trends=(unknown,)), "Ce qui monte").items == []


def test_an_example_that_was_erased_or_has_lost_its_words_is_not_quoted() -> None:
    def quotes(facts: MorningFacts) -> int:
        return len(part(facts, "Ce qui monte").items[0].quotes)

    facts = replace(morning_facts(), trends=(FLOOD,))
    assert quotes(facts) == 1
    assert quotes(replace(facts, examples={})) == 0
    assert quotes(replace(facts, examples={EXAMPLE.id: replace(EXAMPLE, text="", title="")})) == 0


def test_who_waits_is_counted_with_the_oldest_and_the_five_most_urgent() -> None:
    waiting = part(morning_facts(), "Qui attend une réponse")
    assert waiting.lead == "6\u00a0messages sans réponse, le plus ancien depuis 3\u00a0jours."
    assert [item.mark for item in waiting.items] == ["Demande d'aide"] * 2 + ["Signalement", "Plainte", "Question"]
    assert waiting.items[0].text == "Il y a 2\u00a0h"
    assert all(quote.url for item in waiting.items for quote in item.quotes)
    assert waiting.notes


def test_the_most_urgent_are_calls_for_help_then_what_is_said_to_us_then_the_latest() -> None:
    hour = timedelta(hours=1)
    calls = [asked("old", "demande_aide", 9 * hour), asked("info", "information", hour), asked("bus", "question", hour)]
    calls += [asked("new", "demande_aide", hour), asked("ours", "question", 20 * hour, relevance="institution")]
    assert [each.post.native_id for each in urgent(calls)] == ["new", "old", "ours", "bus", "info"]


def test_who_was_answered_does_not_wait() -> None:
    answered = [each for each in CALLS if each.answered_at]
    assert answered
    assert part(replace(QUIET, asked=answered), "Qui attend une réponse").lead == "Personne n'attend."


def test_sources_in_trouble_are_told_with_their_state_their_cause_and_what_to_do() -> None:
    broken, silent = part(morning_facts(), "Sources en difficulté").items
    assert (broken.mark, broken.text) == ("en panne", "mairie-fermee : La page n'existe plus.")
    assert broken.detail == "Cherchez la nouvelle adresse sur le site."
    assert silent.mark == "muette"


@pytest.mark.parametrize("condition", Condition)
def test_a_source_at_rest_slowed_or_running_is_in_no_trouble(condition: Condition) -> None:
    items = part(replace(QUIET, sources=(a_source("blog", condition),)), "Sources en difficulté").items
    assert bool(items) == (condition in {Condition.BROKEN, Condition.TO_AUTHORISE, Condition.SILENT})


def test_a_source_whose_key_ends_is_told_though_it_runs() -> None:
    ending = a_source("facebook", Condition.RUNNING, "Sa clé d'accès prend fin demain (1 jour).", "Renouvelez-la.")
    facts = replace(QUIET, sources=(ending, a_source("gazette", Condition.RUNNING)))
    (item,) = part(facts, "Sources en difficulté").items
    assert (item.text, item.detail) == ("facebook : Sa clé d'accès prend fin demain (1 jour).", "Renouvelez-la.")
    assert told(facts).summary.endswith("2/2 sources sans panne")


def test_what_lasts_is_told_before_what_is_over() -> None:
    (lasting,) = morning_facts().gaps
    over = replace(
        lasting, source="blog", since=MORNING.due_at - timedelta(hours=1), until=MORNING.due_at, fate=Fate.LOST
    )
    items = part(replace(QUIET, gaps=[over, lasting]), "Ce qui n'a pas été entendu").items
    assert [item.mark for item in items] == ["en cours", "perdu"]


def test_what_was_not_heard_is_told_and_what_was_caught_up_counted() -> None:
    unheard = part(morning_facts(), "Ce qui n'a pas été entendu")
    (item,) = unheard.items
    assert item.text == "bluesky : mardi 24 de 2\u00a0h\u00a030 à 8\u00a0h\u00a030, panne de la source"
    assert item.mark == "en cours"
    assert unheard.notes == ("1\u00a0interruption rattrapée depuis.",)


def test_a_gap_that_can_be_filled_says_how() -> None:
    facts = morning_facts()
    (lasting,) = facts.gaps
    fillable = replace(lasting, until=MORNING.due_at - timedelta(hours=1), fate=Fate.OPEN, posts=12)
    (item,) = part(replace(facts, gaps=[fillable]), "Ce qui n'a pas été entendu").items
    assert item.text.endswith(", environ 12\u00a0messages")
    assert item.detail == "À combler par « watcher backfill bluesky »."


def test_a_quiet_morning_says_so_in_each_part() -> None:
    assert [section.lead for section in told(QUIET).sections] == [
        "Rien d'inattendu.",
        "Personne n'attend.",
        "Toutes répondent.",
        "Rien : tout ce que les plateformes donnaient a été entendu.",
    ]


def test_the_figures_are_those_that_were_found() -> None:
    digest = told(morning_facts())
    assert digest.summary == "412 publications · 203 voix · 6 sans réponse (depuis 7 jours) · 2/4 sources sans panne"
    assert (digest.name, digest.title) == ("2026-11-24", "Bilan du matin, mardi 24 novembre 2026")
    assert digest.subtitle == "De lundi 23 à 8\u00a0h\u00a030 à mardi 24 à 8\u00a0h\u00a030"


@pytest.mark.parametrize(
    ("known", "nameless", "posts", "said"), [(7, 0, 9, "7"), (7, 1, 9, "au moins 7"), (0, 9, 9, "?"), (0, 0, 0, "0")]
)
def test_voices_whose_names_are_gone_are_not_made_up(known: int, nameless: int, posts: int, said: str) -> None:
    assert voices(known, nameless, posts) == said


def test_only_so_many_are_shown() -> None:
    many: list[Trend] = [replace(FLOOD, term=f"tag{n}", why=Why(examples=(PostId("x"),))) for n in range(20)]
    sources = [a_source(f"s{n}", Condition.BROKEN) for n in range(12)]
    facts = replace(QUIET, trends=many, sources=sources)
    assert len(part(facts, "Ce qui monte").items) == 8
    troubled = part(facts, "Sources en difficulté")
    assert (len(troubled.items), troubled.notes) == (10, ("Et 2\u00a0autres : voir la page.",))
    assert told(replace(QUIET, activity=Activity(Group(1)))).summary.startswith("1 publication ·")
