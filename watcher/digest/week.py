"""What Monday's digest says: the week against the week before and the same week of the year before. Pure.

What may be compared, and how, is told in `comparison`; the two tables are in `table`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from statistics import median

from watcher.activity import AccountDay, Asked, Group, Span
from watcher.digest.comparison import WITHHELD, Fairness, cautions, change, fairness
from watcher.digest.document import Column, Digest, Figure, Row, Section, Table
from watcher.digest.facts import WeekFacts
from watcher.digest.morning import gap_items, voices
from watcher.digest.table import compared
from watcher.french import lasting, number, plural
from watcher.words import PLATFORMS

FAITHFUL_WEEKS = 3
"""Who wrote in so many of four weeks is of the community: a holiday is forgiven, a passer-by is not counted."""

OFTEN = 2
"""Posts in a week of those who are active in it."""

_WEIGHTY = 0.1  # the share of all posts from which on a source that is deaf is drawn
_GAPS = 15
_DAYS = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")

_DEFINITIONS = (
    "Publications : celles des autres, hors sujet exclu ; ce que nos comptes ont écrit n'y est pas.",
    "Voix : auteurs distincts ; une source qui ne nomme pas ses auteurs compte pour une voix.",
    "« Au moins » : des identifiants sont déjà effacés, et ces voix-là ne peuvent plus être comptées.",
    "≈ : comparaison prudente, une source n'a pas tout entendu.",
    "« Non comparé » : plus d'un dixième de l'une des deux semaines manque.",
    "En dessous de 20 publications, l'évolution est donnée en nombre : un pour cent n'y dirait rien.",
    "Répondu : un de nos comptes a écrit sous le message, ou plus bas à la même personne.",
)


def week(facts: WeekFacts, topics: Mapping[str, str]) -> Digest:
    """Return the digest of `facts`; `topics` gives topics their French names."""
    this, before, year = facts.past.week, facts.before.week, facts.past.week.year - 1
    total, last = facts.past.activity.total, facts.before.activity.total
    fair = _fairness(facts)
    then = f" et à la semaine {this.number} de {year}" if facts.year_before else f" ; {year} n'a pas de semaine 53"
    return Digest(
        name=this.name,
        title=f"Bilan de la semaine {this.number}",
        subtitle=f"{this.days_in_words.capitalize()}, comparée à la semaine {before.number}{then}",
        made_at=facts.made_at,
        figures=(
            Figure(number(total.posts), "publications", _before(total.posts, last.posts, fair)),
            _voices_figure(total, last, fair),
            Figure(number(total.to_answer), "à répondre", _before(total.to_answer, last.to_answer, fair)),
            _answered_figure(facts.asked),
        ),
        sections=(
            _days(facts, fair),
            compared("Plateforme", facts, lambda activity: activity.by_platform, PLATFORMS, facts.sources),
            compared("Thème", facts, lambda activity: activity.by_topic, topics),
            _community(facts.writers, fair),
            _answers(facts.asked),
            _accounts(facts),
            _unheard(facts),
        ),
        definitions=_DEFINITIONS,
    )


def _fairness(facts: WeekFacts) -> Fairness:
    every = [source for sources in facts.sources.values() for source in sources]
    past, before = facts.past, facts.before
    return fairness(past.activity.total, before.activity.total, past.hearing, before.hearing, every)


def _before(value: int, before: int, fair: Fairness, *, is_whole: bool = True) -> str:
    if fair.is_withheld:
        return "non comparé"
    mark = "≈ " if fair.deaf or not is_whole else ""
    return f"{mark}{change(value, before)}, {number(before)} la semaine d'avant"


def _voices_figure(total: Group, last: Group, fair: Fairness) -> Figure:
    """Return how many voices there were; compared with care where a few posts have lost their author, else not."""
    lacking = max(each.nameless / each.posts if each.posts else 0.0 for each in (total, last))
    change_told = _before(total.voices, last.voices, fair, is_whole=not lacking) if lacking <= WITHHELD else ""
    return Figure(voices(total.voices, total.nameless, total.posts), "voix", change_told)


def _days(facts: WeekFacts, fair: Fairness) -> Section:
    totals = (facts.past.activity.total, facts.before.activity.total)
    weighty = {name for each in totals for name, posts in each.by_source.items() if posts >= _WEIGHTY * each.posts}
    deaf = [part for name in weighty for part in facts.past.hearing.deaf.get(name, ())]
    columns = [
        Column(
            f"{_DAYS[number]} {(facts.past.week.monday + timedelta(days=number)).day}",
            posts,
            None if fair.is_withheld else facts.by_day_before[number],
            list(_parts(deaf, facts.past.week.days[number])),
        )
        for number, posts in enumerate(facts.by_day)
    ]
    notes = cautions({"Ensemble": fair}, facts.past.hearing, facts.before.hearing)
    return Section("Jour par jour", columns=columns, notes=notes)


def _parts(deaf: Sequence[Span], day: Span) -> Iterator[tuple[float, float]]:
    """Yield the parts of `day`, of 0 to 1, that touch `deaf`."""
    length = day[1] - day[0]
    for since, until in deaf:
        if since < day[1] and until > day[0]:
            yield max(0.0, (since - day[0]) / length), min(1.0, (until - day[0]) / length)


def _community(writers: Sequence[Sequence[int]] | None, fair: Fairness) -> Section:
    """Return who writes again and again: see `FAITHFUL_WEEKS` and `OFTEN`."""
    title = "La communauté active"
    if writers is None:
        return Section(title, "Inconnue : les identifiants de ces semaines sont déjà effacés.")
    active, before = (sum(weeks[place] >= OFTEN for weeks in writers) for place in (-1, -2))
    faithful = sum(sum(count > 0 for count in weeks) >= FAITHFUL_WEEKS for weeks in writers)
    lead = (
        f"{plural(active, 'personne a écrit', 'personnes ont écrit')} au moins deux fois cette semaine "
        f"({_before(active, before, fair)}) ; {plural(faithful, 'a écrit', 'ont écrit')} dans au moins trois des "
        "quatre dernières semaines."
    )
    note = (
        "Des personnes : ni nous, ni la presse, ni les institutions, entreprises et robots connus. Qui écrit sur deux "
        "plateformes compte deux fois."
    )
    return Section(title, lead, notes=(note,))


def _answered_figure(asked: Sequence[Asked] | None) -> Figure:
    if not asked:
        return Figure("–", "répondus")
    answered = sum(post.answered_at is not None for post in asked)
    share = f"{round(answered / len(asked) * 100)}\u00a0%"
    return Figure(number(answered), "répondus" if answered > 1 else "répondu", share)


def _answers(asked: Sequence[Asked] | None) -> Section:
    title = "Les réponses données"
    if asked is None:
        return Section(title, "Inconnues : les identifiants de cette semaine sont déjà effacés.")
    if not asked:
        return Section(title, "Aucun message n'appelait de réponse.")
    waits_s = [max(0.0, (post.answered_at - post.at).total_seconds()) for post in asked if post.answered_at]
    calls = plural(len(asked), "message qui appelait une réponse", "messages qui appelaient une réponse")
    lead = f"Sur {calls}, {number(len(waits_s))} en ont reçu une de nos comptes"
    if not waits_s:
        return Section(title, f"Sur {calls}, aucun n'en a reçu une de nos comptes.")
    share, half = round(len(waits_s) / len(asked) * 100), lasting(timedelta(seconds=median(waits_s)))
    return Section(title, f"{lead}, soit {share}\u00a0% ; la moitié en moins de {half}.")


def _accounts(facts: WeekFacts) -> Section:
    """Return the followers of our accounts: the last figure of the week, beside the last of the weeks compared."""
    title, this = "Nos comptes", facts.past.week
    now = _latest(facts.followers, this.monday, this.sunday)
    if not now:
        return Section(title, "Aucun chiffre d'abonnés cette semaine.")
    before = _latest(facts.followers, facts.before.week.monday, facts.before.week.sunday)
    year = facts.year_before.week if facts.year_before else None
    then = _latest(facts.followers, year.monday, year.sunday) if year else {}
    rows = []
    for account, followers in sorted(now.items(), key=lambda pair: -pair[1]):
        platform, name = account
        told = [_followed(followers, known.get(account)) for known in (before, then)]
        called = f"{PLATFORMS.get(platform, platform)} · {name}"
        said = f"{called} : {number(followers)} abonnés ({told[0]} en une semaine)"
        rows.append(Row(called, (number(followers), *told), said=said))
    return Section(title, table=Table(("Compte", "Abonnés", "En une semaine", "En un an"), rows))


def _followed(now: int, before: int | None) -> str:
    if before is None:
        return "pas de données"
    if now == before:
        return "stable"
    gained, sign = now - before, "+" if now > before else "−"
    share = f" ({sign}{abs(gained) / before:.1%})".replace(".", ",").replace("%", "\u00a0%") if before else ""
    return f"{sign}{number(abs(gained))}{share}"


def _latest(figures: Sequence[AccountDay], first: date, last: date) -> Mapping[tuple[str, str], int]:
    told = sorted((each for each in figures if first <= each.day <= last), key=lambda each: each.day)
    return {(each.platform, each.account): each.followers for each in told}


def _unheard(facts: WeekFacts) -> Section:
    items = gap_items(facts.gaps, facts.past.week.span)
    more = len(items) - _GAPS
    return Section(
        "Ce qui n'a pas été entendu",
        "" if items else "Rien : tout ce que les plateformes donnaient a été entendu.",
        items[:_GAPS],
        notes=(f"Et {plural(more, 'autre', 'autres')} : « watcher gaps » les dit.",) if more > 0 else (),
    )
