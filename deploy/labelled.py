# ruff: noqa: INP001 - scripts, not a package
"""The labelled posts that may be learned from, by who wrote them: all but two measuring thirds."""

from pathlib import Path

from pipelines.evaluate import LabelledPost, parse

ROOT = Path(__file__).parent.parent
LABELLED = ROOT / "tests" / "data" / "evaluation"


def hands() -> dict[str, list[LabelledPost]]:
    """Return the posts to learn from: what `hands/` holds whole, of the other files the part shown."""
    older = {file.stem: posts_of(file) for file in sorted(LABELLED.glob("*.jsonl"))}
    shown = {hand: [post for post in posts if not post.is_held_out] for hand, posts in older.items()}
    return shown | {file.stem: posts_of(file) for file in sorted(LABELLED.glob("hands/*.jsonl"))}


def posts_of(file: Path) -> list[LabelledPost]:
    """Return the posts of a labelled file."""
    return parse(file.read_text(encoding="utf-8").splitlines())
