"""LinkedIn's answers, field by field, its little text, and what a hostile or careless answer costs."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from tests.fakes.clock import NOON
from tests.fakes.fetch import Answer, FakeFetch, answer
from tests.fakes.linkedin import OWN, PAGE
from tests.fakes.sample import Sample
from watcher.collectors.linkedin import Collector, LinkedInSettings
from watcher.collectors.linkedin.api import ADDRESS
from watcher.collectors.linkedin.little_text import shown
from watcher.collectors.linkedin.posts import comments_of, posts_of
from watcher.deadletters import of_broken
from watcher.model import RawPost, Source
from watcher.privacy import Pseudonyms
from watcher.secrets import NamedSecret, Secret

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NAMED = NamedSecret("WATCHER_LINKEDIN_JETON", Secret("jeton"))
POST = "urn:li:share:6856876085195075584"
COMMENT = "urn:li:comment:(urn:li:activity:1,2)"
ESCAPED = f"urn%3Ali%3Aorganization%3A{PAGE}"
POSTS_AT = f"{ADDRESS}/posts?q=author&author={ESCAPED}&sortBy=CREATED&count=100&start=0"
METADATA_AT = f"{ADDRESS}/socialMetadata?ids=List(urn%3Ali%3Ashare%3A6856876085195075584)"
COMMENTS_AT = f"{ADDRESS}/socialActions/urn%3Ali%3Ashare%3A6856876085195075584/comments?count=100&start=0"
SIZE_AT = f"{ADDRESS}/networkSizes/{ESCAPED}?edgeType=COMPANY_FOLLOWED_BY_MEMBER"
STATISTICS_AT = (
    f"{ADDRESS}/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity={ESCAPED}"
    "&count=100&start=0"
)


def a_post(**changes: Any) -> dict[str, Any]:
    """The documented answer (posts API, li-lms-2026-01), at a later date."""
    return {
        "id": POST,
        "author": OWN,
        "commentary": "Bonjour {hashtag|\\#|Occitanie} @[Nom](urn:li:organization:1)",
        "visibility": "PUBLIC",
        "lifecycleState": "PUBLISHED",
        "createdAt": 1795430968743,
        "publishedAt": 1795430968743,
        "lastModifiedAt": 1795430968774,
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": []},
        "content": {"media": {"id": "urn:li:image:x", "altText": "Un train"}},
        "isReshareDisabledByAuthor": False,
    } | changes


def a_comment(**changes: Any) -> dict[str, Any]:
    return {
        "$URN": COMMENT,
        "actor": "urn:li:person:abc",
        "object": "urn:li:activity:1",
        "message": {"text": "Et mon train ?", "attributes": []},
        "created": {"actor": "urn:li:person:abc", "time": 1795431000000},
        "lastModified": {"time": 1795431000000},
        "likesSummary": {"totalLikes": 1},
        "commentsSummary": {},
    } | changes


def page(address: str, *elements: object) -> Answer:
    return answer(
        address, json.dumps({"paging": {"start": 0, "count": 100, "links": []}, "elements": elements}).encode()
    )


SAMPLE = Sample(
    settings={"page": PAGE, "jeton": NAMED, "mentions": False, "jeton_du": "2026-11-01"},
    posts={
        POSTS_AT: page(POSTS_AT, a_post()),
        METADATA_AT: answer(METADATA_AT, json.dumps({"results": {POST: {"commentSummary": {"count": 1}}}}).encode()),
        COMMENTS_AT: page(COMMENTS_AT, a_comment()),
    },
    none={POSTS_AT: page(POSTS_AT)},
    broken={POSTS_AT: answer(POSTS_AT, b"<html>maintenance</html>")},
    figures={
        SIZE_AT: answer(SIZE_AT, b'{"firstDegreeSize": 118204}'),
        STATISTICS_AT: page(STATISTICS_AT, {"totalShareStatistics": {"likeCount": 40, "impressionCount": 9000}}),
    },
)


def the_post(**changes: Any) -> RawPost:
    (post,) = posts_of([a_post(**changes)], OWN).posts
    return post


def the_comment(**changes: Any) -> RawPost:
    (post,) = comments_of([a_comment(**changes)], OWN, POST)[0].posts
    return post


def test_a_documented_post_says_what_its_readers_see() -> None:
    post = the_post()
    assert post.native_id == POST
    assert post.text == "Bonjour #Occitanie Nom\n\nImage : Un train"
    assert post.url == f"https://www.linkedin.com/feed/update/{POST}/"
    assert post.published_at == datetime(2026, 11, 23, 10, 49, 28, 743000, tzinfo=UTC)
    assert (post.author, post.author_kind, post.is_own) == (PAGE, "institution", True)
    assert (post.hashtags, post.mentions) == (("Occitanie",), ("1",))
    assert (post.edited_at, post.is_repost, post.reply_to, post.conversation) == (None, False, None, None)


def test_a_documented_comment_answers_the_post_under_its_own_name() -> None:
    comment = the_comment()
    assert (comment.native_id, comment.text) == (COMMENT, "Et mon train ?")
    assert (comment.reply_to, comment.conversation) == (POST, POST)
    assert (comment.author, comment.author_kind, comment.is_own) == ("abc", "person", False)
    assert comment.published_at == datetime(2026, 11, 23, 10, 50, tzinfo=UTC)
    assert comment.edited_at is None
    assert comment.metrics == {"likes": 1, "replies": 0}
    assert (
        comment.url
        == f"https://www.linkedin.com/feed/update/{POST}/?commentUrn=urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A1%2C2%29"
    )


def test_a_reply_answers_the_comment_above_it() -> None:
    reply = the_comment(**{"$URN": "urn:li:comment:(urn:li:activity:1,3)", "parentComment": COMMENT, "actor": OWN})
    assert (reply.reply_to, reply.conversation, reply.is_own) == (COMMENT, POST, True)


def test_a_comment_without_its_name_has_one_made() -> None:
    bare = a_comment(id=2)
    del bare["$URN"]
    (post,) = comments_of([bare], OWN, POST)[0].posts
    assert post.native_id == COMMENT


def test_what_was_edited_says_when() -> None:
    edited = the_comment(lastModified={"time": 1795434600000})
    assert edited.edited_at == datetime(2026, 11, 23, 11, 50, tzinfo=UTC)
    touched = the_post(lifecycleStateInfo={"isEditedByAuthor": True})
    assert touched.edited_at == datetime(2026, 11, 23, 10, 49, 28, 774000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("little", "expected"),
    [
        ("Rien de spécial", "Rien de spécial"),
        ("{hashtag|\\#|Occitanie} et {hashtag|#|liO}", "#Occitanie et #liO"),
        ("{hashtag|\\#|deux\\_mots}", "#deux_mots"),
        ("Prix \\(net\\) : 5 \\* 2 \\~ 10 \\[environ\\] \\{tout\\}", "Prix (net) : 5 * 2 ~ 10 [environ] {tout}"),
        ("Un \\\\ barré, et C:\\dossier", "Un \\ barré, et C:\\dossier"),
        ("Merci @[Région \\(Occitanie\\)](urn:li:organization:7) !", "Merci Région (Occitanie) !"),
        ("Merci @[Jeanne Exemple](urn:li:person:aB-1) !", "Merci @aB-1 !"),
        ("@[jamais fermé](urn:li:person", "@[jamais fermé](urn:li:person"),
        ("{hashtag|\\#|", "{hashtag|#|"),
        ("", ""),
    ],
)
def test_little_text_is_shown_as_its_readers_see_it(little: str, expected: str) -> None:
    assert shown(little).text == expected


def test_a_hostile_little_text_is_read_in_no_time() -> None:
    assert shown("@[" * 20_000 + "\\" * 20_001).mentions == ()


def mention(start: int, length: int, urn: str = "urn:li:person:aB-1", **more: Any) -> dict[str, Any]:
    return {
        "start": start,
        "length": length,
        "value": {"com.linkedin.common.MemberAttributedEntity": {"member": urn}},
    } | more


@pytest.mark.parametrize(
    ("text", "attributes", "expected"),
    [
        ("Jeanne Exemple a raison", [mention(0, 14)], "@aB-1 a raison"),
        ("🚆 Jeanne Exemple a raison", [mention(3, 14)], "🚆 @aB-1 a raison"),
        ("Nom et Jeanne", [mention(0, 3, "urn:li:organization:7"), mention(7, 6)], "Nom et @aB-1"),
        ("Jeanne", [{"start": 0, "length": 6, "value": {"person": {"person": "urn:li:person:aB-1"}}}], "@aB-1"),
        ("Jeanne", [mention(0, 6), mention(2, 3)], "@aB-1"),
        ("Oui", [mention(1, 99)], "O@aB-1"),
        ("Oui", [{"start": "0"}, None, {"start": 0, "length": 2, "value": 7}, mention(-1, 2)], "Oui"),
    ],
)
def test_the_names_of_members_leave_the_texts_of_comments(text: str, attributes: list[Any], expected: str) -> None:
    assert the_comment(message={"text": text, "attributes": attributes}).text == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"lifecycleState": "DRAFT"},
        {"visibility": "CONNECTIONS"},
        {"commentary": "", "content": {}},
        {"commentary": None, "content": None},
    ],
)
def test_what_is_not_for_all_or_says_nothing_is_left_aside_without_a_word(changes: dict[str, Any]) -> None:
    read = posts_of([a_post(**changes)], OWN)
    assert (read.posts, read.broken) == ((), ())


@pytest.mark.parametrize(
    "changes",
    [
        {"createdAt": None, "publishedAt": "hier"},
        {"publishedAt": "1795430968743", "content": {"multiImage": {"images": [{"altText": "A"}, None, 3]}}},
        {"content": {"article": {"title": 3}}, "author": None, "lifecycleStateInfo": []},
        {"publishedAt": 10**30, "inconnu": {"a": [1]}},
    ],
)
def test_a_post_with_odd_parts_is_still_a_post(changes: dict[str, Any]) -> None:
    assert the_post(**changes).text.startswith("Bonjour #Occitanie")


@pytest.mark.parametrize("element", [None, 7, "texte", [], {}, {"id": ""}, {"id": 5}])
def test_a_broken_element_costs_itself_alone(element: object) -> None:
    read = posts_of([element, a_post()], OWN)
    assert (len(read.posts), len(read.broken)) == (1, 1)
    under, _ = comments_of([element, a_comment()], OWN, POST)
    assert (len(under.posts), len(under.broken)) == (1, 1)


def test_a_dead_letter_names_nobody() -> None:
    nameless = a_comment(object=None, message={"text": "Jeanne Exemple a raison"}) | {"$URN": None}
    (broken,) = comments_of([nameless], OWN, POST)[0].broken
    letter = of_broken(broken, Source("essai", "linkedin", None, 900.0), Pseudonyms(b"k" * 32))
    assert not {"Jeanne", "abc"} & set(letter.payload.replace('"', " ").split())


async def test_the_token_ends_sixty_days_after_its_day() -> None:
    settings = LinkedInSettings(page=PAGE, token=NAMED, issued_on="2026-11-01")
    assert await Collector().expires_at(None, settings, NOW) == datetime(2026, 12, 31, tzinfo=UTC)  # type: ignore[arg-type]
    undated = LinkedInSettings(page=PAGE, token=NAMED)
    assert await Collector().expires_at(None, undated, NOW) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "written",
    [PAGE, int(PAGE), OWN, f"https://www.linkedin.com/company/{PAGE}/admin/page-posts/published/"],
)
def test_a_page_may_be_written_in_many_ways(written: object) -> None:
    assert LinkedInSettings(page=written, token=NAMED).page == PAGE


@pytest.mark.parametrize(
    "wrong", [{"page": "region-occitanie"}, {"version": "2026"}, {"issued_on": "bientôt"}], ids=str
)
def test_settings_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        LinkedInSettings(**({"page": PAGE, "token": NAMED} | wrong))


async def test_a_post_that_is_deleted_while_it_is_read_costs_nothing_else() -> None:
    left = {address: given for address, given in SAMPLE.posts.items() if address != COMMENTS_AT}
    settings = Collector.Settings.model_validate(SAMPLE.settings)
    posts = [post async for page in Collector().pages(FakeFetch(left), settings, None, NOON) for post in page.posts]
    assert [post.native_id for post in posts] == [POST]
