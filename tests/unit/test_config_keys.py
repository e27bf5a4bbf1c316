"""A secret is named in YAML and looked up beside it; neither a file nor a message ever holds one."""

from dataclasses import replace

import pytest
from pydantic import BaseModel, ConfigDict, Field

from tests.fakes.broken_config import GOOD
from tests.fakes.settings import PLATFORMS
from watcher.config import Config, load
from watcher.config.fields import SecretName
from watcher.config.keys import secrets_of, with_secrets
from watcher.config.load import parse
from watcher.config.validation import checked
from watcher.model import Source
from watcher.secrets import NamedSecret, Secret


class Keyed(BaseModel):
    """The settings of a platform that asks for a key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    token: SecretName | None = Field(None, alias="jeton", title="Jeton", description="Le nom de la variable du jeton")


def config_of(*settings: BaseModel) -> Config:
    sources = tuple(Source(f"s{n}", "essai", given, 900.0) for n, given in enumerate(settings))
    return replace(load(GOOD, PLATFORMS), sources=sources)


def test_a_variable_that_is_named_gives_its_value() -> None:
    config = with_secrets(config_of(Keyed(jeton="WATCHER_JETON"), Keyed()), {"WATCHER_JETON": "abc"})
    first, second = (source.settings for source in config.sources)
    assert first == Keyed.model_construct(token=NamedSecret("WATCHER_JETON", Secret("abc")))
    assert second == Keyed()
    assert secrets_of(config) == (Secret("abc"),)


@pytest.mark.parametrize("variables", [{}, {"WATCHER_JETON": ""}])
def test_a_variable_that_is_missing_or_empty_leaves_the_secret_open(variables: dict[str, str]) -> None:
    config = with_secrets(config_of(Keyed(jeton="WATCHER_JETON")), variables)
    assert config.sources[0].settings == Keyed(jeton="WATCHER_JETON")
    assert secrets_of(config) == ()


@pytest.mark.parametrize("written", ["x0x0-le-secret-meme", "watcher_jeton", "PATH", "WATCHER_jeton"])
def test_what_is_no_variable_of_ours_is_refused_and_never_repeated(written: str) -> None:
    document = parse(f"jeton: {written}\n", "sources.yml")
    value, mistakes = checked(Keyed, document, document.tree)
    assert value is None
    assert len(mistakes) == 1
    assert written not in f"{mistakes[0].message} {mistakes[0].hint}"


def test_the_shown_form_of_settings_holds_no_secret() -> None:
    config = with_secrets(config_of(Keyed(jeton="WATCHER_JETON")), {"WATCHER_JETON": "abc"})
    assert "abc" not in repr(config)
