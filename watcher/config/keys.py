"""The secrets that sources need: YAML names their variables, `app` reads them, here they meet. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from pydantic import BaseModel

from watcher.config.config import Config
from watcher.model import Source
from watcher.secrets import NamedSecret, Secret, secret_in


def with_secrets(config: Config, variables: Mapping[str, str]) -> Config:
    """Return `config` with the values of the secrets that its sources and its page name.

    One that is missing stays so, and its collector or the page tells the team: nothing else waits for it.
    """
    page = config.instance.page
    if page.password:
        known = replace(page.password, value=secret_in(variables, page.password.variable))
        page = replace(page, password=known)
    return replace(
        config,
        instance=replace(config.instance, page=page),
        sources=tuple(filled(source, variables) for source in config.sources),
        paused=tuple(filled(source, variables) for source in config.paused),
    )


def secrets_of(config: Config) -> tuple[Secret, ...]:
    """Return every secret that `config` holds, for the logs to erase."""
    named = [named for source in (*config.sources, *config.paused) for named in _named(source).values()]
    if config.instance.page.password:
        named.append(config.instance.page.password)
    return tuple(secret.value for secret in named if secret.value)


def filled(source: Source, variables: Mapping[str, str]) -> Source:
    """Return `source` with the values of the secrets that it names, where `variables` have them."""
    found = {
        field: replace(named, value=secret)
        for field, named in _named(source).items()
        if (secret := secret_in(variables, named.variable))
    }
    if not found or not isinstance(source.settings, BaseModel):
        return source
    return replace(source, settings=source.settings.model_copy(update=found))


def key_of(settings: BaseModel) -> str:
    """Return the name of the variable that `settings` take their secret from, or of all of them; "" without one."""
    return ":".join(sorted(value.variable for _, value in settings if isinstance(value, NamedSecret)))


def _named(source: Source) -> dict[str, NamedSecret]:
    fields = source.settings if isinstance(source.settings, BaseModel) else ()
    return {field: value for field, value in fields if isinstance(value, NamedSecret)}
