"""A source that is added leaves what stands in `sources.yml` as it is, and is read as it was given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.config.entry import FILE, lines_to_append
from watcher.config.load import parse
from watcher.errors import ConfigError

LISTED = ("sources:\n", "sources:\n  - nom: a\n", "sources:\n- nom: a\n  mots: [b, c]\n", "sources:\n    - {nom: a}\n")
ENDS = st.lists(st.sampled_from(["\n", "# fin\n", "  # une remarque\n", "      \n", "  #\n"]), max_size=6).map("".join)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), min_size=1, max_size=12)
ENTRIES = st.dictionaries(
    st.sampled_from(["nom", "adresse", "mots", "compte"]), WORDS | st.lists(WORDS, min_size=1, max_size=30), min_size=1
)


@given(listed=st.sampled_from(LISTED), end=ENDS, entry=ENTRIES, newline=st.sampled_from(["\n", "\r\n"]))
def test_an_entry_is_read_back_behind_all_that_stood_there(
    listed: str, end: str, entry: dict[str, str | list[str]], newline: str
) -> None:
    text = (listed + end).replace("\n", newline)
    before, after = parse(text, FILE), parse(text + lines_to_append(text, entry), FILE)
    assert isinstance(before.tree, dict)
    assert not after.mistakes
    assert after.tree == {"sources": [*(before.tree["sources"] or []), entry]}


@pytest.mark.parametrize(
    "text",
    [
        "sources: []\n",
        "sources: [{nom: a}]\n",
        "sources:\n  - nom: a\n...\n",
        "autre:\n  - nom: a\n",
        "sources:\n  - nom: |+\n      a\n",
        "sources:\n  - nom: a\nautre: b\n",
        "- nom: a\n",
    ],
)
def test_a_list_that_cannot_be_added_to_is_refused_with_the_lines_to_paste(text: str) -> None:
    with pytest.raises(ConfigError) as refused:
        lines_to_append(text, {"nom": "b", "departements": ["09"]})
    (mistake,) = refused.value.mistakes
    assert "sans risque" in mistake.message
    assert '  - nom: b\n    departements: ["09"]' in mistake.hint


def test_mistakes_that_were_there_are_told_before_anything() -> None:
    with pytest.raises(ConfigError, match="tabulation"):
        lines_to_append("sources:\n\t- nom: a\n", {"nom": "b"})


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("sources:\n", "\n  - nom: b\n    mots: [c]\n"),
        ("sources:\n  - nom: a\n\n", "  - nom: b\n    mots: [c]\n"),
        ("sources:\n- nom: a", "\n\n- nom: b\n  mots: [c]\n"),
        ("sources:\r\n  - nom: a\r\n", "\r\n  - nom: b\r\n    mots: [c]\r\n"),
    ],
)
def test_it_is_written_as_its_neighbours_are(text: str, more: str) -> None:
    assert lines_to_append(text, {"nom": "b", "mots": ["c"]}) == more


def test_a_long_list_takes_a_line_for_each() -> None:
    words = [f"mot{number}" for number in range(20)]
    assert lines_to_append("sources:\n", {"mots": words}) == "\n  - mots:\n" + "".join(f"      - {w}\n" for w in words)
