"""First component: hashtags, mentions and links, the platform's own where given, else read from the text.

Sets on the Doc: `hashtags_raw`, `hashtags`, `mentions`, `links`, `domains`, and `written`, the text cut into words,
which all components after this one read.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable

from spacy.language import Language
from spacy.tokens import Doc

from pipelines.folding import fold
from pipelines.hashtags import hashtags_in
from pipelines.hints import Hints
from pipelines.links import domain_of, links_in
from pipelines.mentions import mentions_in
from pipelines.written import Written


def _preferring(given: tuple[str, ...] | None, read: list[str]) -> tuple[str, ...]:
    """Return the platform's own entities in the order and spelling of the text, then those that are not in it."""
    if given is None:
        return tuple(read)
    given_folded = {fold(entity) for entity in given}
    read_folded = {fold(entity) for entity in read}
    return (*(e for e in read if fold(e) in given_folded), *(e for e in given if fold(e) not in read_folded))


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def read_entities(doc: Doc) -> Doc:
    """Set the entity extensions of `doc` from its text and its hints."""
    text = doc.text
    extensions = doc._
    hints: Hints = extensions.hints
    links = links_in(text)
    starts = [link.start for link in links]

    def is_in_link(position: int) -> bool:
        index = bisect_right(starts, position)
        return index > 0 and position < links[index - 1].end

    tags = [tag for tag in hashtags_in(text, hints.platform) if not is_in_link(tag.start)]
    mentions = [mention for mention in mentions_in(text, hints.platform) if not is_in_link(mention.start)]
    extensions.hashtags_raw = _preferring(hints.hashtags, [tag.tag for tag in tags])
    extensions.hashtags = _unique(map(fold, extensions.hashtags_raw))
    extensions.mentions = _preferring(hints.mentions, [mention.handle for mention in mentions])
    extensions.links = hints.links if hints.links is not None else tuple(link.url for link in links)
    extensions.domains = _unique(map(domain_of, extensions.links))
    spans = [(link.start, link.end) for link in links]
    spans += [(tag.start, tag.end) for tag in tags]
    spans += [(mention.start, mention.end) for mention in mentions]
    extensions.written = Written.of(text, sorted(spans))
    return doc


Doc.set_extension("hints", default=Hints(), force=True)
for _name in ("hashtags_raw", "hashtags", "mentions", "links", "domains"):
    Doc.set_extension(_name, default=(), force=True)
Doc.set_extension("written", default=Written.of(""), force=True)


@Language.factory("entities")
def create_entities(nlp: Language, name: str) -> Callable[[Doc], Doc]:  # noqa: ARG001 - spaCy calls it by these names
    """Return the component, for `nlp.add_pipe("entities")`."""
    return read_entities
