"""Posts as a file for spreadsheets: CSV as the French Excel reads it, in which no text of a stranger is a formula."""

import csv
import io
from collections.abc import AsyncIterator, Sequence

from watcher.errors import WatcherError
from watcher.french import paris, readable
from watcher.stores.queries.clauses import PlacedPost
from watcher.words import INTENTS, PLATFORMS, RELEVANCES, Labels

MOST_ROWS = 50_000

HEADERS = (
    "Date (heure de Paris)",
    "Plateforme",
    "Source",
    "Auteur (pseudonyme)",
    "Titre",
    "Texte",
    "Lien",
    "Pertinence",
    "Thèmes",
    "Intention",
    "À répondre",
    "Départements",
    "Communes",
    "Hashtags",
    "Langue",
    "J'aime",
    "Commentaires et réponses",
    "Partages",
    "Vues",
    "Identifiant",
)

_BEGINNING = "\ufeff"  # by which Excel knows UTF-8
_STARTS_A_FORMULA = tuple("=+-@＝＋－＠")  # https://owasp.org/www-community/attacks/CSV_Injection
_CHUNK = 200


async def lines(posts: AsyncIterator[PlacedPost], labels: Labels) -> AsyncIterator[str]:
    """Yield the file of `posts`, of which it holds `MOST_ROWS`; its last line says what it does not hold, and why."""
    yield _BEGINNING + _written([HEADERS])
    rows: list[Sequence[object]] = []
    told = 0
    try:
        async for each in posts:
            if told == MOST_ROWS:
                rows.append([f"Fichier limité à {MOST_ROWS} lignes : resserrez la période ou les filtres."])
                break
            rows.append(row(each, labels))
            told += 1
            if len(rows) == _CHUNK:
                yield _written(rows)
                rows = []
    except WatcherError as error:
        rows.append([f"Fichier incomplet. {error} Recommencez le téléchargement."])
    yield _written(rows)


def row(placed: PlacedPost, labels: Labels) -> list[object]:
    """Return the cells of a post, under `HEADERS`."""
    post, reading = placed.post, placed.post.reading
    counted = post.metrics
    return [
        f"{paris(placed.at):%Y-%m-%d %H:%M}",
        PLATFORMS.get(post.platform, post.platform),
        post.source,
        post.author or "",
        post.title,
        post.text,
        post.url or "",
        RELEVANCES[reading.relevance] if reading else "",
        ", ".join(labels.topics.get(topic, topic) for topic in reading.topics) if reading else "",
        INTENTS[reading.intent] if reading else "",
        "oui" if reading and reading.to_answer else "non",
        ", ".join(labels.departements.get(code, code) for code in reading.departements) if reading else "",
        ", ".join(labels.communes.get(code, code) for code in reading.communes) if reading else "",
        " ".join(f"#{tag}" for tag in reading.hashtags_raw) if reading else "",
        (reading.lang if reading else post.platform_lang) or "",
        counted.get("likes", ""),
        _sum(counted.get("comments"), counted.get("replies")),
        _sum(counted.get("shares"), counted.get("reposts"), counted.get("quotes")),
        counted.get("views", ""),
        post.id,
    ]


def harmless(cell: object) -> object:
    """Return `cell` so that a spreadsheet shows it as text, whatever its first sign."""
    if not isinstance(cell, str):
        return cell
    text = readable(cell)
    is_formula = text.startswith("\t") or text.lstrip().startswith(_STARTS_A_FORMULA)
    return f"'{text}" if is_formula else text


def _written(rows: Sequence[Sequence[object]]) -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=";", lineterminator="\r\n").writerows([[harmless(cell) for cell in row] for row in rows])
    return file.getvalue()


def _sum(*counts: int | None) -> object:
    told = [count for count in counts if count is not None]
    return sum(told) if told else ""
