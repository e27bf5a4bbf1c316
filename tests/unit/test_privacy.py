"""Third step: who wrote and how to reach them leaves the texts; figures that are no telephone stay."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.clock import NOON
from watcher.model import RawPost, Source
from watcher.normalise import normalise
from watcher.privacy import EMAIL_MASK, PHONE_MASK, Pseudonyms, hide, mask_contacts, pseudonymise, pseudonymise_raw

PSEUDONYMS = Pseudonyms(b"k" * 32, frozenset({"occitanie", "lio_occitanie"}))
SOURCE = Source("x", "x", settings=None, interval_s=60)


@pytest.mark.parametrize(
    "text",
    [
        "06 12 34 56 78",
        "06.12.34.56.78",
        "06-12-34-56-78",
        "0612345678",
        "+33 6 12 34 56 78",
        "+33612345678",
        "0033 6 12 34 56 78",
        "00 33 6 12 34 56 78",
        "06\u00a012\u00a034\u00a056\u00a078",
        "+33\u202f6\u202f12\u202f34\u202f56\u202f78",
        "+33 (0)6 12 34 56 78",
        "05 61 33 50 50",
        "+32 470 12 34 56",
        "+34 612 345 678",
    ],
)
def test_telephone_numbers_are_masked(text: str) -> None:
    assert mask_contacts(f"appelez le {text}, merci") == f"appelez le {PHONE_MASK}, merci"


@pytest.mark.parametrize(
    "before",
    ["Appelez David ", "Bruno : ", "mon numéro : ", "n° ", "mon numéro de téléphone : ", "le no ", "Casino, "],
)
def test_a_telephone_number_is_masked_whatever_announces_it(before: str) -> None:
    assert mask_contacts(f"{before}06 12 34 56 78") == f"{before}{PHONE_MASK}"


@pytest.mark.parametrize("between", ["/", " / ", " ", ", ", " - ", " ou "])
def test_two_telephone_numbers_in_a_row_are_masked(between: str) -> None:
    masked = mask_contacts(f"appelez le 05 61 33 50 50{between}06 12 34 56 78, merci")
    assert masked in {f"appelez le {PHONE_MASK}{rest}, merci" for rest in ("", f"{between}{PHONE_MASK}")}


@pytest.mark.parametrize(
    "text",
    ["jean.dupont@mail.fr", "a+b@sub.domaine.co.uk", "jean (at) mail.fr", "jean[at]mail.fr", "JEAN_D@MAIL.FR"],
)
def test_email_addresses_are_masked(text: str) -> None:
    assert mask_contacts(f"écrire à {text}.") == f"écrire à {EMAIL_MASK}."


@pytest.mark.parametrize(
    "text",
    [
        "SIRET 123 456 789 00012",
        "SIRET 012 345 678 00019",
        "dossier n° 0612345678",
        "commande 0612345678",
        "numéro de dossier : 0612345678",
        "réf. numéro 0612345678",
        "12 345 678 €",
        "1 200 000 000 euros",
        "le 3949, le 112 ou le 18",
        "le 24/11/2026 à 10:30",
        "IBAN FR76 3000 6000 0112 3456 7890 189",
        "code postal 31000 Toulouse",
        "amig@s i tod@s",
    ],
)
def test_other_figures_are_left_alone(text: str) -> None:
    assert mask_contacts(text) == text


def test_handles_become_pseudonyms_everywhere_but_public_ones() -> None:
    raw = RawPost(
        "1", "@jeanne et @Occitanie, voir https://x.com/jeanne/status/1", author="@Jeanne", mentions=("jeanne",)
    )
    raw = replace(raw, links=("https://x.com/jeanne/status/1", "https://exemple.social/@jeanne/1"))
    post = pseudonymise(normalise(raw, SOURCE, NOON), PSEUDONYMS)
    pseudonym = PSEUDONYMS.hash_of("x", "jeanne")
    assert post.author == pseudonym
    assert post.mentions == (pseudonym,)
    assert post.links == (f"https://x.com/{pseudonym}/status/1", f"https://exemple.social/@{pseudonym}/1")
    assert post.text == f"@{pseudonym} et @Occitanie, voir https://x.com/{pseudonym}/status/1"


@pytest.mark.parametrize(
    "text",
    ["RT@jeanne: oui", "@jeanne@mastodon.social bonjour", "(@jeanne)", "«@jeanne»", "＠jeanne", "@jeanne, @jeanne"],
)
def test_every_spelling_of_a_mention_is_hidden(text: str) -> None:
    post = pseudonymise(normalise(RawPost("1", text), SOURCE, NOON), PSEUDONYMS)
    assert "jeanne" not in post.text


@pytest.mark.parametrize(
    "address",
    [
        "https://www.facebook.com/profile.php?id=jeanne",
        "https://www.facebook.com/people/jeanne/1",
        "https://instagram.com/stories/jeanne/1",
        "https://www.youtube.com/@jeanne",
        "https://youtube.com/user/jeanne",
        "https://fr.linkedin.com/in/jeanne",
        "https://www.linkedin.com/in/jeanne%C3%A9/",
        "https://old.reddit.com/user/jeanne",
        "https://bsky.app/profile/jeanne.bsky.social/post/1",
        "https://exemple.social/@jeanne/1",
    ],
)
def test_the_address_of_a_profile_is_hidden(address: str) -> None:
    assert "jeanne" not in hide(f"voir {address}.", "x", PSEUDONYMS)


def test_a_did_is_hidden_wherever_it_stands_under_the_pseudonym_of_its_author() -> None:
    did = "did:plc:exempleecritzzzzzzzzzzzz"
    frame = f'{{"did":"{did}","uri":"at://{did}/app.bsky.feed.post/3m6"}}'
    assert hide(frame, "bluesky", PSEUDONYMS) == frame.replace(did, PSEUDONYMS.hash_of("bluesky", did))


@pytest.mark.parametrize(
    "address",
    ["https://www.instagram.com/p/Cxyz/", "https://youtube.com/watch?v=abc", "https://www.facebook.com/watch/?v=1"],
)
def test_the_address_of_a_post_stays(address: str) -> None:
    assert hide(address, "x", PSEUDONYMS) == address


def test_pseudonyms_depend_on_key_and_platform_and_not_on_case() -> None:
    assert PSEUDONYMS.hash_of("x", "Jeanne") == PSEUDONYMS.hash_of("x", "@jeanne")
    assert PSEUDONYMS.hash_of("x", "jeanne") != PSEUDONYMS.hash_of("mastodon", "jeanne")
    assert PSEUDONYMS.hash_of("x", "jeanne") != Pseudonyms(b"o" * 32).hash_of("x", "jeanne")


def test_url_stays_so_that_the_team_can_answer() -> None:
    raw = RawPost("1", "texte", url="https://example.org/jeanne/1")
    assert pseudonymise(normalise(raw, SOURCE, NOON), PSEUDONYMS).url == raw.url


def test_a_dead_letter_hides_the_handles_that_markup_splits() -> None:
    raw = RawPost(
        "1", '<a href="/@jeanne">@<span>jeanne</span></a> 06 12 34 56 78', markup="html", mentions=("jeanne",)
    )
    hidden = pseudonymise_raw(raw, "mastodon", PSEUDONYMS)
    assert "jeanne" not in repr(hidden)
    assert "06 12" not in repr(hidden)


@given(st.text(max_size=200), st.from_regex(r"[a-z]{6,12}[0-9]{3}", fullmatch=True), st.text(max_size=200))
def test_a_planted_handle_never_survives(before: str, handle: str, after: str) -> None:
    raw = RawPost("1", f"{before} @{handle} {after}", author=handle)
    post = pseudonymise(normalise(raw, SOURCE, NOON), PSEUDONYMS)
    assert f"@{handle}" not in post.text
    assert post.author != handle


@given(st.text(max_size=300))
def test_masking_twice_changes_nothing(text: str) -> None:
    assert mask_contacts(mask_contacts(text)) == mask_contacts(text)


def test_hidden_post_keeps_everything_else() -> None:
    post = normalise(RawPost("1", "rien à cacher", author="jeanne"), SOURCE, NOON)
    assert replace(pseudonymise(post, PSEUDONYMS), author=post.author) == post
