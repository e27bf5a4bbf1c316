"""Budgets in `sources.yml`: the platform's own, what the team writes over them, and what cannot be kept."""

from decimal import Decimal
from typing import ClassVar

import pytest
from pydantic import BaseModel, ConfigDict, Field

from watcher.budget import Budget, Prices
from watcher.config.fields import SecretName
from watcher.config.load import parse
from watcher.config.sources import sources_of
from watcher.errors import Mistake
from watcher.model import Source


class Shop(BaseModel):
    """A platform that sells what it gives."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    budget: ClassVar[Budget] = Budget(calls_per_day=500, prices=Prices(author=Decimal("0.01")))
    account: str = Field(alias="compte")
    key: SecretName | None = Field(None, alias="cle")


class Feed(BaseModel):
    """One that does not."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    account: str = Field(alias="compte")


def read(*entries: str) -> tuple[list[Source], list[Mistake]]:
    text = "sources:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries)
    sources, mistakes = sources_of(parse(text, "sources.yml"), {"magasin": Shop, "flux": Feed})
    return [source for source, _ in sources], mistakes


def test_a_platform_has_a_budget_of_its_own_and_the_team_writes_over_it() -> None:
    [bare, ours], mistakes = read(
        "nom: a, plateforme: magasin, compte: a",
        'nom: b, plateforme: magasin, compte: b, budget: {euros_par_mois: 50, prix: {post: "0,005"}}',
    )
    assert mistakes == []
    assert bare.budget == Shop.budget
    assert ours.budget == Budget(
        calls_per_day=500,
        euros_per_month=Decimal(50),
        prices=Prices(post=Decimal("0.005"), author=Decimal("0.01")),
    )


def test_a_free_platform_may_be_limited_too() -> None:
    [source], mistakes = read("nom: a, plateforme: flux, compte: a, budget: {appels_par_jour: 24}")
    assert mistakes == []
    assert source.budget == Budget(calls_per_day=24)


def test_sources_of_one_key_share_a_purse_and_others_do_not() -> None:
    sources, _ = read(
        "nom: a, plateforme: magasin, compte: a, cle: WATCHER_CLE",
        "nom: b, plateforme: magasin, compte: b, cle: WATCHER_CLE",
        "nom: c, plateforme: magasin, compte: c",
    )
    assert [source.purse for source in sources] == ["magasin:WATCHER_CLE", "magasin:WATCHER_CLE", "magasin:c"]


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        (["nom: a, plateforme: flux, compte: a, budget: {euros_par_mois: 50}"], "sans les prix"),
        (["nom: a, plateforme: flux, compte: a, budget: {appels_par_jour: 0}"], "d'au moins 1"),
        (["nom: a, plateforme: flux, compte: a, budget: {euro_par_mois: 5}"], "« euro_par_mois » n'existe pas"),
        (["nom: a, plateforme: flux, compte: a, budget: {euros_par_mois: beaucoup}"], "il faut un nombre"),
        (
            [
                "nom: a, plateforme: magasin, compte: a, cle: WATCHER_CLE",
                "nom: b, plateforme: magasin, compte: b, cle: WATCHER_CLE, budget: {appels_par_jour: 9}",
            ],
            "mais pas le même budget",
        ),
    ],
)
def test_a_budget_that_cannot_be_kept_is_a_mistake(entries: list[str], words: str) -> None:
    _, [mistake] = read(*entries)
    assert words in mistake.message
    assert mistake.hint
    assert "budget" in mistake.key
