"""`watcher try`: whose an address is, and what it gives without any configuration."""

import pytest

from watcher.demo.mastodon import MastodonInstance
from watcher.model import Outcome
from watcher.trying import guess, try_address
from watcher.web.server import serving


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://www.exemple.fr/rss.xml", ("rss", {"adresse": "https://www.exemple.fr/rss.xml"})),
        ("www.exemple.fr/rss", ("rss", {"adresse": "https://www.exemple.fr/rss"})),
        ("https://piaille.fr/tags/Lodève", ("mastodon", {"instance": "piaille.fr", "hashtags": ["Lodève"]})),
        (
            "https://piaille.fr/tags/Lod%C3%A8ve/",
            ("mastodon", {"instance": "piaille.fr", "hashtags": ["Lodève"]}),
        ),
        ("piaille.fr/tags/crue", ("mastodon", {"instance": "piaille.fr", "hashtags": ["crue"]})),
        ("https://mamot.fr/@nom", ("mastodon", {"instance": "mamot.fr", "comptes": ["nom"]})),
        ("https://mamot.fr/@nom@loin.fr", ("mastodon", {"instance": "mamot.fr", "comptes": ["nom@loin.fr"]})),
        ("@nom@mamot.fr", ("mastodon", {"instance": "mamot.fr", "comptes": ["nom"]})),
        ("#Lodève", ("mastodon", {"instance": "mastodon.social", "hashtags": ["Lodève"]})),
        ("https://mamot.fr/@nom.rss", ("rss", {"adresse": "https://mamot.fr/@nom.rss"})),
        ("https://mamot.fr/tags/crue.rss", ("rss", {"adresse": "https://mamot.fr/tags/crue.rss"})),
        (
            "https://www.youtube.com/@region/videos",
            ("youtube", {"cle": "WATCHER_YOUTUBE_CLE", "chaines": ["@region"]}),
        ),
        (
            "https://youtu.be/dQw4w9WgXcQ?t=3",
            ("youtube", {"cle": "WATCHER_YOUTUBE_CLE", "videos": ["https://youtu.be/dQw4w9WgXcQ?t=3"]}),
        ),
        (
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCx",
            ("rss", {"adresse": "https://www.youtube.com/feeds/videos.xml?channel_id=UCx"}),
        ),
        ("https://mamot.fr/@nom/1234", ("rss", {"adresse": "https://mamot.fr/@nom/1234"})),
        ("https://bsky.app/profile/nom.bsky.social", ("bluesky", {"compte": "nom.bsky.social"})),
        ("bsky.app/profile/did:plc:x/", ("bluesky", {"compte": "did:plc:x"})),
        ("@nom.bsky.social", ("bluesky", {"compte": "nom.bsky.social"})),
        ("https://bsky.app/profile/nom.fr/post/3m6", ("rss", {"adresse": "https://bsky.app/profile/nom.fr/post/3m6"})),
        ("une phrase\nsur deux lignes", ("rss", {"adresse": "https://une phrase\nsur deux lignes"})),
        ("", ("rss", {"adresse": "https://"})),
    ],
)
def test_whose_an_address_is(address: str, expected: tuple[str, dict[str, object]]) -> None:
    assert guess(address) == expected


async def test_a_hashtag_is_read_with_no_configuration() -> None:
    instance = MastodonInstance("127.0.0.1")
    instance.write("marie", "<p>Le lycée de Lodève est fermé, qui peut m'aider ?</p>", tags=("lodeve",))
    async with serving(instance) as address:
        trial = await try_address(f"{address}/tags/lodeve", allow_loopback=True)
    assert (trial.report.outcome, trial.report.seen) == (Outcome.OK, 1)
    (post,) = trial.posts
    assert post.reading is not None
    assert post.reading.departements == ("34",)
    assert post.author != "marie@127.0.0.1"


@pytest.mark.parametrize("address", ["", "https:// espace", "https://piaille.fr/tags/Midi-Pyrénées"])
async def test_what_is_no_address_is_told_in_french(address: str) -> None:
    trial = await try_address(address)
    assert trial.report.outcome is Outcome.REFUSED
    assert trial.report.message.startswith("Cette adresse n'en est pas une")


async def test_a_platform_that_wants_a_key_says_so_before_anything_is_asked() -> None:
    trial = await try_address("https://www.youtube.com/@region")
    assert trial.report.outcome is Outcome.AUTH_REFUSED
    assert "WATCHER_YOUTUBE_CLE" in trial.report.message
