"""What is known of a post beside its text, handed to the pipelines with it."""

from dataclasses import dataclass


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
