"""Words tried on a topic join those that it has, whether the topics are the team's or those that ship."""

from dataclasses import replace
from pathlib import Path

import pytest

from watcher import app, page, translation
from watcher.config import Config, Instance, InstitutionConfig, TerritoryConfig, ThemeConfig
from watcher.web.trials import Trial

TEXT = "À Toulouse, la guinguette du canal rouvre ce soir"
THEIRS = Config(
    Instance("essai", "https://veille.example.org/"),
    sources=(),
    paused=(),
    themes=(ThemeConfig("lycees", "Lycées", words=("lycée",)),),
    territory=TerritoryConfig(InstitutionConfig()),
)


@pytest.mark.parametrize("is_packaged", [False, True])
def test_words_and_exclusions_join_those_of_the_topic(tmp_path: Path, is_packaged: bool) -> None:  # noqa: FBT001
    installation = app.Installation(THEIRS, tmp_path)
    if not is_packaged:
        installation = replace(installation, build_nlp=lambda: translation.build_nlp(THEIRS))
    tried = page._with_words(installation, Trial("lycees", ("guinguette",), (), 7)).build_nlp()
    excluded = page._with_words(installation, Trial("lycees", ("guinguette",), ("guinguette du canal",), 7)).build_nlp()

    assert "lycees" in tried(TEXT)._.topics
    assert "lycees" in tried("Le lycée de Toulouse ferme")._.topics
    assert "lycees" not in excluded(TEXT)._.topics
