"""The questions of the digests, asked of a real Elasticsearch."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tests.fakes.clock import NOON
from tests.fakes.line import SOURCE
from tests.fakes.posts import a_post, written
from watcher.activity import AccountDay, Activity, Group
from watcher.gaps import Fate, Gap
from watcher.model import AccountFigures, GapCause, Post, PostId
from watcher.ports import OutboxRow
from watcher.stores.documents import to_document
from watcher.stores.elastic import Elastic
from watcher.stores.journal.gaps import gap_write
from watcher.stores.journal.outbox import Write
from watcher.stores.queries.activity import Activities
from watcher.stores.trends import trend_write
from watcher.trend import Hearing, Trend
from watcher.upkeep.accounts import figures_write
from watcher.upkeep.retention import without_names

DAY = timedelta(days=1)
SPAN = (NOON - DAY, NOON)
IN = NOON - timedelta(hours=3)


async def kept(elastic: Elastic, writes: Sequence[Write]) -> Activities:
    rows = [OutboxRow(seq, w.index, w.doc_id, w.version, w.body, attempts=0) for seq, w in enumerate(writes)]
    assert {answer.status for answer in await elastic.bulk(rows)} == {201}
    await elastic.client.indices.refresh(index=f"{elastic.prefix}*")
    return Activities(elastic.client, elastic.prefix)


async def stored(elastic: Elastic, posts: Sequence[Post], *, blanked: Sequence[Post] = ()) -> Activities:
    documents = [to_document(post) for post in posts]
    documents += [without_names(to_document(post), NOON) for post in blanked]
    return await kept(elastic, [Write("posts-2026.11.01", PostId(each["id"]), 1, each) for each in documents])


def by(name: str, author: str, at: datetime = IN, **changes: object) -> Post:
    return replace(written(name, at), author=author, author_kind="person", **changes)


async def test_an_index_that_does_not_exist_holds_nothing(es_url: str, es_prefix: str) -> None:
    elastic = Elastic(es_url, prefix=es_prefix)
    activities = Activities(elastic.client, elastic.prefix)
    assert await activities.of(SPAN) == Activity()
    assert await activities.by_span([SPAN, SPAN]) == [0, 0]
    assert await activities.writers([SPAN]) == []
    assert await activities.asked(SPAN) == []
    assert await activities.trends(SPAN) == []
    assert await activities.gaps(SPAN) == []
    assert await activities.made_good(SPAN) == 0
    assert await activities.first_collected() == {}
    assert await activities.followers(NOON.date(), NOON.date()) == []
    assert await activities.quoted([]) == {}
    await elastic.close()


async def test_a_period_is_counted_by_posts_voices_and_calls(elastic: Elastic) -> None:
    posts = [
        by("a", "anne"),
        by("b", "anne", source="forum"),
        replace(written("c", IN, topics=("lycees",), to_answer=True), source="forum"),
        by("after", "bob", NOON),
        by("off", "carole", reading=replace(written("x").reading, relevance="hors_sujet")),
        by("ours", "nous", is_own=True),
    ]
    found = await (await stored(elastic, posts)).of(SPAN)
    whole = Group(posts=3, voices=2, to_answer=1, by_source={"forum": 2, "gazette": 1})
    assert found == Activity(whole, {"rss": whole}, {"lycees": Group(1, 1, 0, 1, {"forum": 1})})


async def test_posts_that_have_lost_their_author_are_no_voice_and_are_told(elastic: Elastic) -> None:
    activities = await stored(elastic, [by("a", "anne")], blanked=[by("b", "bob"), by("c", "carole")])
    total = (await activities.of(SPAN)).total
    assert (total.posts, total.voices, total.nameless) == (3, 1, 2)


async def test_days_are_counted_one_by_one(elastic: Elastic) -> None:
    activities = await stored(elastic, [written("a", IN), written("b", IN - DAY), written("c", IN - DAY)])
    assert await activities.by_span([(NOON - 3 * DAY, NOON - 2 * DAY), (NOON - 2 * DAY, NOON - DAY), SPAN]) == [0, 2, 1]


async def test_people_are_told_by_how_often_they_wrote_in_each_period(elastic: Elastic) -> None:
    gazette = replace(written("g", IN), author="gazette", author_kind="media")
    posts = [by("1", "anne"), by("2", "anne"), by("3", "anne", IN - DAY), by("4", "bob", IN - DAY), gazette]
    activities = await stored(elastic, posts)
    assert sorted(await activities.writers([(NOON - 2 * DAY, NOON - DAY), SPAN])) == [(1, 0), (1, 2)]


async def test_what_calls_for_an_answer_bears_the_time_of_ours(elastic: Elastic) -> None:
    said = IN + timedelta(hours=1)
    open_, answered = written("open", IN, to_answer=True), written("answered", IN, to_answer=True)
    ours = a_post("ours", is_own=True, reply_to=answered.id, published_at=said)
    theirs = a_post("theirs", reply_to=open_.id, published_at=said)
    asked = await (await stored(elastic, [open_, answered, ours, theirs, written("calm", IN)])).asked(SPAN)
    assert {each.post.id: (each.at, each.answered_at) for each in asked} == {
        open_.id: (IN, None),
        answered.id: (IN, said),
    }


async def test_trends_are_those_that_were_at_their_highest_since_and_begun_before(elastic: Elastic) -> None:
    def trend(term: str, since: datetime, peak_at: datetime, part_of: tuple[str, str] | None = None) -> Trend:
        heard = Hearing(peak_at, 8.0, 30.0, 2.0)
        return Trend("hashtag", term, since, heard, heard, part_of=part_of)

    trends = [
        trend("crue", IN, IN),
        trend("begun-before", NOON - 2 * DAY, IN),
        trend("over", NOON - 3 * DAY, NOON - 2 * DAY),
        trend("to-come", NOON + DAY, NOON + DAY),
        trend("part", IN, IN, ("hashtag", "crue")),
    ]
    found = await (await kept(elastic, [trend_write(each) for each in trends])).trends(SPAN)
    assert {each.term for each in found} == {"crue", "begun-before"}


async def test_gaps_are_those_that_touch_the_period_and_were_never_made_good(elastic: Elastic) -> None:
    def gap(source: str, since: datetime, until: datetime | None, fate: Fate = Fate.LOST) -> Gap:
        return Gap(source, "rss", GapCause.OUTAGE, since, until, fate, posts=3)

    lasting, inside = gap("a", NOON - 9 * DAY, None, Fate.LASTING), gap("b", IN, IN + timedelta(hours=1))
    before, after = gap("c", NOON - 3 * DAY, NOON - 2 * DAY), gap("d", NOON, None, Fate.LASTING)
    heard = [gap(source, IN, IN + timedelta(hours=1), Fate.HEARD) for source in "ef"]
    activities = await kept(elastic, [gap_write(each, NOON) for each in (after, inside, before, lasting, *heard)])
    assert await activities.gaps(SPAN) == [lasting, inside]
    assert await activities.made_good(SPAN) == 2
    assert await activities.made_good((NOON - 3 * DAY, NOON - 2 * DAY)) == 0


async def test_a_source_is_known_from_its_first_post_on(elastic: Elastic) -> None:
    posts = [a_post("1", collected_at=IN), a_post("2", collected_at=IN - DAY), a_post("3", source="b", collected_at=IN)]
    assert await (await stored(elastic, posts)).first_collected() == {"gazette": IN - DAY, "b": IN}


async def test_followers_are_told_day_by_day(elastic: Elastic) -> None:
    def told(day: date, followers: int | None) -> Write:
        return figures_write(AccountFigures("region", followers), SOURCE, day, datetime(2026, 11, 24, tzinfo=UTC))

    sunday = date(2026, 11, 22)
    writes = [told(sunday, 90), told(sunday - DAY, None), told(sunday - 7 * DAY, 80)]
    found = await (await kept(elastic, writes)).followers(sunday - 6 * DAY, sunday)
    assert found == [AccountDay(SOURCE.platform, "region", sunday, 90)]
