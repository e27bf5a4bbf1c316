"""What is known of a post beside its text, handed to the pipelines with it."""

from dataclasses import dataclass

_VOICELESS = frozenset({"media", "company", "bot", "institution"})


@dataclass(frozen=True, slots=True)
class Hints:
    """Set as `doc._.hints` before the pipeline runs; every field may be left out.

    `territory` holds the INSEE codes of the départements that the feed's audience lives in. `hashtags` and `mentions`
    (without sign) and `links` are the platform's own entities, None where it gives none.
    """

    platform: str = ""
    author_kind: str = "unknown"
    territory: tuple[str, ...] = ()
    hashtags: tuple[str, ...] | None = None
    mentions: tuple[str, ...] | None = None
    links: tuple[str, ...] | None = None
    is_own: bool = False

    @property
    def is_published(self) -> bool:
        """Say whether a publication speaks, not a person: a feed of comments, told so by its source, is people."""
        return self.author_kind in _VOICELESS or (self.platform == "rss" and self.author_kind != "person")
