"""Our Page run after run, over a real server: what is asked, what comes of it, what a day of few calls allows."""

from datetime import datetime, timedelta

import pytest

from tests.fakes.clock import NOON
from tests.fakes.linkedin import OWN, Comment, Post
from tests.fakes.watching_linkedin import Watcher
from watcher.errors import AuthRefused, RateLimited, Refused
from watcher.model import GapCause
from watcher.secrets import NamedSecret, Secret

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def a_post(number: int = 1, at: datetime = NOON - DAY) -> Post:
    return Post(number, f"Nos trains, {number}", at)


def say(post: Post, number: int, at: datetime, parent: int | None = None, actor: str = "urn:li:person:abc") -> str:
    post.comments.append(Comment(number, actor, f"Et le mien, {number} ?", at, parent))
    return post.name_of(number)


def ids(linkedin: Watcher) -> list[str]:
    return [post.native_id for post in linkedin.posts]


async def test_a_first_run_gives_posts_comments_and_replies_and_knows_our_own(linkedin: Watcher) -> None:
    post = linkedin.linkedin.publish(a_post())
    question = say(post, 1, NOON - 3 * HOUR)
    answer = say(post, 2, NOON - HOUR, parent=1, actor=OWN)
    shown, asked, answered = await linkedin.run(NOON)
    assert (shown.native_id, shown.is_own, shown.metrics) == (post.urn, True, {"likes": 15, "comments": 2})
    assert (asked.native_id, asked.is_own, asked.reply_to) == (question, False, post.urn)
    assert (answered.native_id, answered.is_own, answered.reply_to) == (answer, True, question)
    assert asked.conversation == answered.conversation == post.urn


async def test_an_ordinary_run_makes_three_calls(linkedin: Watcher) -> None:
    for number in range(40):
        say(linkedin.linkedin.publish(a_post(number, NOON - number * DAY)), 1, NOON - HOUR)
    await linkedin.run(NOON)
    await linkedin.run(NOON + 2 * HOUR)
    assert [each.partition("?")[0] for each in linkedin.linkedin.asked] == [
        "posts",
        "socialMetadata",
        "organizationalEntityNotifications",
    ]


async def test_a_new_comment_and_a_new_reply_are_found_wherever_they_are(linkedin: Watcher) -> None:
    posts = [linkedin.linkedin.publish(a_post(number, NOON - number * DAY)) for number in range(1, 20)]
    for post in posts:
        say(post, 1, NOON - HOUR)
        say(post, 2, NOON - HOUR, parent=1)
    await linkedin.run(NOON)
    written = {say(posts[4], 3, NOON + HOUR), say(posts[17], 4, NOON + HOUR, parent=1)}
    await linkedin.run(NOON + 2 * HOUR)
    assert written <= set(ids(linkedin))
    assert linkedin.linkedin.calls("socialActions") == 3  # two threads, and the replies under one comment


async def test_a_young_post_is_read_again_each_day_for_what_no_number_tells(linkedin: Watcher) -> None:
    young, old = linkedin.linkedin.publish(a_post(1)), linkedin.linkedin.publish(a_post(2, NOON - 10 * DAY))
    for post in (young, old):
        say(post, 1, NOON - HOUR)
    await linkedin.run(NOON)
    for post in (young, old):
        post.comments[0].text, post.comments[0].modified_at = "Corrigé", NOON + HOUR
    await linkedin.run(NOON + DAY)
    assert [post.text for post in linkedin.posts if post.edited_at] == ["Corrigé"]


async def test_long_lists_are_read_page_by_page(linkedin: Watcher) -> None:
    linkedin.linkedin.page_size = 3
    post = linkedin.linkedin.publish(a_post())
    comments = [say(post, number, NOON - HOUR) for number in range(1, 9)]
    others = [linkedin.linkedin.publish(a_post(number, NOON - number * HOUR)).urn for number in range(2, 8)]
    await linkedin.run(NOON)
    assert sorted(ids(linkedin)) == sorted([post.urn, *comments, *others])


async def test_a_day_that_ends_in_the_middle_of_a_thread_loses_nothing_and_asks_nothing_twice(
    linkedin: Watcher,
) -> None:
    post = linkedin.linkedin.publish(a_post())
    written = [say(post, number, NOON - HOUR) for number in range(1, 7)]
    written += [say(post, number + 10, NOON - HOUR, parent=number) for number in range(1, 7)]
    linkedin.linkedin.allowance, heard = 5, set[str]()
    with pytest.raises(RateLimited):
        await linkedin.run(NOON)
    heard |= set(ids(linkedin))
    linkedin.linkedin.allowance = 100
    await linkedin.run(NOON + 12 * HOUR)
    assert linkedin.linkedin.calls("socialActions") == 1 + 4
    assert heard | set(ids(linkedin)) == {post.urn, *written}


async def test_comments_that_are_counted_and_not_shown_are_told(linkedin: Watcher) -> None:
    post = linkedin.linkedin.publish(a_post())
    say(post, 1, NOON - HOUR, parent=99)
    await linkedin.run(NOON)
    assert [(gap.cause, gap.posts) for page in linkedin.pages for gap in page.unheard] == [(GapCause.CLOSED, 1)]


async def test_who_mentions_us_is_heard_once_and_late_ones_too(linkedin: Watcher) -> None:
    other = Post(50, "Merci à la @[Région](" + OWN + ") et @[Jeanne Exemple](urn:li:person:j)", NOON - HOUR)
    other.author = "urn:li:person:abc"
    linkedin.linkedin.mention(other, NOON - HOUR)
    linkedin.linkedin.mention(other, NOON - HOUR, action="SHARE")
    (post,) = await linkedin.run(NOON)
    assert (post.native_id, post.text, post.is_own) == (other.urn, "Merci à la Région et @j", False)
    late = linkedin.linkedin.mention(Post(51, "Encore", NOON, author="urn:li:person:x"), NOON - HOUR / 2)
    await linkedin.run(NOON + HOUR)
    assert late.urn in ids(linkedin)
    assert await linkedin.run(NOON + 5 * HOUR) == []


async def test_mentions_that_are_not_for_us_are_counted(linkedin: Watcher) -> None:
    for number in (60, 61):
        linkedin.linkedin.mention(Post(number, "Chut", NOON, author="urn:li:person:abc"), NOON - HOUR)
    linkedin.linkedin.hidden = {"urn:li:share:60", "urn:li:share:61"}
    assert await linkedin.run(NOON) == []
    assert [(gap.cause, gap.posts) for page in linkedin.pages for gap in page.unheard] == [(GapCause.CLOSED, 2)]


async def test_after_two_months_of_silence_the_forgotten_mentions_are_told(linkedin: Watcher) -> None:
    await linkedin.run(NOON)
    await linkedin.run(NOON + 70 * DAY)
    (gap,) = [gap for page in linkedin.pages for gap in page.unheard]
    assert (gap.cause, gap.since, gap.until) == (GapCause.FORGOTTEN, NOON, NOON + 10 * DAY)


async def test_mentions_that_are_not_granted_do_not_silence_the_rest(linkedin: Watcher) -> None:
    linkedin.linkedin.may_read_mentions = False
    post = linkedin.linkedin.publish(a_post())
    comment = say(post, 1, NOON - HOUR)
    with pytest.raises(AuthRefused, match="rw_organization_admin"):
        await linkedin.run(NOON)
    assert ids(linkedin) == [post.urn, comment]
    assert await linkedin.run(NOON + HOUR, mentions=False) != []


async def test_the_figures_are_those_of_the_page(linkedin: Watcher) -> None:
    (figures,) = await linkedin.collector.figures(linkedin.fetch, linkedin.settings(), NOON)
    assert (figures.account, figures.followers, figures.reach) == (OWN, 118_204, None)
    assert figures.engagement == {"likes": 40, "comments": 7, "shares": 3, "views": 9000}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"token": None}, "est vide"),
        ({"token": "autre"}, "token-generator"),
        ({"version": "202401"}, "« version »"),
    ],
    ids=["no token", "a token that has ended", "a version that has ended"],
)
async def test_what_is_wrong_with_the_settings_says_what_to_do(
    linkedin: Watcher, wrong: dict[str, str | None], said: str
) -> None:
    token = NamedSecret("WATCHER_LINKEDIN_JETON", Secret(str(wrong.get("token"))) if wrong.get("token") else None)
    given = {"token": token} if "token" in wrong else {"version": wrong["version"]}
    with pytest.raises((AuthRefused, Refused)) as heard:
        await linkedin.run(NOON, **given)
    assert said in str(heard.value)


async def test_a_right_that_was_never_approved_is_named_with_where_to_ask(linkedin: Watcher) -> None:
    linkedin.linkedin.is_approved = False
    with pytest.raises(AuthRefused, match=r"Community Management API.*r_organization_social"):
        await linkedin.run(NOON)


async def test_a_spent_day_waits_for_midnight(linkedin: Watcher) -> None:
    linkedin.linkedin.allowance = 0
    with pytest.raises(RateLimited) as heard:
        await linkedin.run(NOON)
    assert heard.value.retry_after_s == 12 * 3600
