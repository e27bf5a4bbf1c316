"""Third step: who wrote becomes a pseudonym, and e-mail addresses and telephone numbers leave the texts. Pure.

What may stay in clear is the name of a public body or of a medium, listed by the team.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from watcher.model import AuthorHash, Deletion, Post, RawPost

EMAIL_MASK = "[courriel masqué]"
PHONE_MASK = "[téléphone masqué]"

# Local part, then @ or a written "(at)", then a domain with a dot.
_EMAIL = re.compile(
    r"(?<![\w.+@-])[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\]|\(arobase\)|\[arobase\])\s?"
    r"(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-])",
    re.IGNORECASE,
)
# French numbers in pairs or in one run, +33 and 0033 forms, and any +country number of 8 to 14 digits; and those that
# follow one another, as in « 05 61 33 50 50 / 06 12 34 56 78 ».
_GAP = r"[ \u00a0\u202f.\-/·]?"
_NUMBER = (
    rf"(?:(?:(?:\+|00 ?)33{_GAP}(?:\(0\){_GAP})?|0)[1-9](?:{_GAP}\d{{2}}){{4}}"
    rf"|\+(?!33)\d{{1,3}}(?:{_GAP}\d{{2,4}}){{2,5}})"
)
_PHONE = re.compile(
    rf"(?<![\w+])(?<!\d[ \u00a0\u202f.\-/·]){_NUMBER}(?:(?: ?[/,;\-] ?|[ \u00a0\u202f]){_NUMBER})*(?!{_GAP}\d)"
)
# A run of digits that these words announce is a file number, an identifier or an amount: it is left alone. « Numéro »
# alone announces a telephone as often as anything else.
_NUMBERED = re.compile(
    r"(?<!\w)(?:dossier|référence|réf|ref|siret|siren|facture|commande|contrat|ticket|code|iban|rib|id)"
    r"\W{0,3}(?:(?:n°|nº|no|numéro)\W{0,3})?(?:de\s)?$",
    re.IGNORECASE,
)
_MENTION = re.compile(r"(?:(?<![\w@＠])|(?<=\bRT))[@＠]([^\W][\w.\-]{0,62}\w|\w)(@[\w.\-]*\w)?")
# An address of a profile, up to the handle; LinkedIn's and some of Facebook's hold a name in full.
_PROFILE = re.compile(
    r"(?i)\b((?:https?://)?(?:www\.|m\.|mobile\.)?(?:"
    r"facebook\.com/(?:profile\.php\?id=|people/)|instagram\.com/stories/|youtube\.com/(?:c|user|channel)/"
    r"|linkedin\.com/(?:in|pub)/|reddit\.com/(?:u|user)/|snapchat\.com/add/|bsky\.app/profile/"
    r"|(?:x\.com|twitter\.com|instagram\.com|facebook\.com|threads\.(?:net|com)|tiktok\.com|youtube\.com|t\.me)/"
    r"))@?([\w.%\-]{2,100})"
)
_DID = re.compile(r"\bdid:(?:plc|web):[\w.:%\-]{1,200}")
_NOT_HANDLES = frozenset(
    "i p reel reels stories explore hashtag search watch share sharer groups events photo photos posts videos playlist"
    " shorts channel c user".split()
)


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Turns handles into pseudonyms that only the holder of `key` could make. `public` handles stay as they are.

    A pseudonym is 20 hexadecimal digits of HMAC-SHA-256(key, platform, unit separator, handle in lower case).
    """

    key: bytes
    public: AbstractSet[str] = frozenset()

    def of(self, platform: str, handle: str) -> AuthorHash | str:
        """Return the pseudonym of `handle` on `platform`, or the handle itself when it is public."""
        handle = handle.lstrip("@＠").strip()
        return handle if handle.casefold() in self.public else self.hash_of(platform, handle)

    def hash_of(self, platform: str, handle: str) -> AuthorHash:
        """Return the pseudonym of `handle` whether or not it is public: what erasure looks for."""
        message = f"{platform}\x1f{handle.lstrip('@＠').strip().casefold()}".encode("utf-8", "replace")
        return AuthorHash(hmac.new(self.key, message, hashlib.sha256).hexdigest()[:20])


def pseudonymise(post: Post, pseudonyms: Pseudonyms) -> Post:
    """Return `post` with pseudonyms for handles in author, mentions, links and texts, e-mails and numbers masked.

    `url` is the one field left alone: the team must be able to answer (deploy/decisions/007).
    """
    return replace(
        post,
        author=pseudonyms.of(post.platform, post.author) if post.author else None,
        title=hide(post.title, post.platform, pseudonyms),
        text=hide(post.text, post.platform, pseudonyms),
        mentions=_all_of(post.mentions, post.platform, pseudonyms),
        links=_hidden_links(post.links, post.platform, pseudonyms),
    )


def pseudonymise_raw(raw: RawPost, platform: str, pseudonyms: Pseudonyms) -> RawPost:
    """Return `raw` as the dead letters may keep it: as `pseudonymise`, and known handles hidden in markup too."""
    known = [handle for handle in (raw.author, *(raw.mentions or ())) if handle]

    def hidden(text: str) -> str:
        for handle in known:
            text = text.replace(handle, pseudonyms.of(platform, handle))
        return hide(text, platform, pseudonyms)

    return replace(
        raw,
        author=pseudonyms.of(platform, raw.author) if raw.author else None,
        title=hidden(raw.title),
        text=hidden(raw.text),
        mentions=_all_of(raw.mentions, platform, pseudonyms),
        links=_hidden_links(raw.links, platform, pseudonyms),
    )


def pseudonymise_deletion(gone: Deletion, platform: str, pseudonyms: Pseudonyms) -> Deletion:
    """Return the deletion of an author under the pseudonym that the journal knows."""
    return replace(gone, author=pseudonyms.of(platform, gone.author)) if gone.author else gone


def allowed(posts: Sequence[Post], opposed: Callable[[Collection[str]], AbstractSet[str]]) -> list[Post]:
    """Return the posts that nobody had erased. `opposed` tells which ids and pseudonyms are on the opposition list."""
    gone = opposed({str(key) for post in posts for key in (post.id, post.author) if key})
    return [post for post in posts if post.id not in gone and post.author not in gone]


def hide(text: str, platform: str, pseudonyms: Pseudonyms) -> str:
    """Return `text` with contacts masked and handles replaced."""
    return hide_handles(mask_contacts(text), platform, pseudonyms)


def _all_of(handles: tuple[str, ...] | None, platform: str, pseudonyms: Pseudonyms) -> tuple[str, ...] | None:
    return None if handles is None else tuple(pseudonyms.of(platform, handle) for handle in handles)


def _hidden_links(links: tuple[str, ...] | None, platform: str, pseudonyms: Pseudonyms) -> tuple[str, ...] | None:
    return None if links is None else tuple(hide_handles(link, platform, pseudonyms) for link in links)


def mask_contacts(text: str) -> str:
    """Return `text` with e-mail addresses and telephone numbers masked; SIRET, amounts and file numbers stay."""
    text = _EMAIL.sub(EMAIL_MASK, text)
    return _PHONE.sub(lambda match: match[0] if _NUMBERED.search(text[: match.start()][-40:]) else PHONE_MASK, text)


def hide_handles(text: str, platform: str, pseudonyms: Pseudonyms) -> str:
    """Return `text` with each @handle, each DID, and each handle in the address of a profile as its pseudonym."""

    def mention(match: re.Match[str]) -> str:
        return f"@{pseudonyms.of(platform, match[1] + (match[2] or ''))}"

    def profile(match: re.Match[str]) -> str:
        handle = match[2]
        return match[0] if handle.casefold() in _NOT_HANDLES else f"{match[1]}{pseudonyms.of(platform, handle)}"

    hidden = _MENTION.sub(mention, _PROFILE.sub(profile, text))
    return _DID.sub(lambda match: pseudonyms.of(platform, match[0]), hidden)
