"""The keys of a source whose `plateforme` is `x`, and what X allows and charges."""

import re
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from watcher.budget import Budget, Prices
from watcher.config.fields import SecretName, Text, refuse

LONGEST_QUERY = 512
"""What X takes from who pays by the post (recent search, August 2026)."""

_WORD = re.compile(r'"[^"]*"|[^\s()]+')
_NARROWS = re.compile(r"-?(?:lang|is|has):", re.IGNORECASE)
_ELSEWHERE = re.compile(r"\bmin_(?:faves|retweets):", re.IGNORECASE)

FieldNames = Literal["tweet.fields", "post.fields"]


def _query(value: str) -> str:
    if len(value) > LONGEST_QUERY:
        refuse(f"une recherche de X tient en {LONGEST_QUERY} signes, et celle-ci en a {len(value)}", "faites-en deux")
    if found := _ELSEWHERE.search(value):
        refuse(f"X ne connaît plus « {found[0]} »", "écrivez « min_likes: » ou « min_reposts: »")
    if "-(" in value:
        refuse("X ne sait pas exclure un groupe entre parenthèses", "mettez un « - » devant chaque mot")
    words = [word for word in _WORD.findall(value) if word != "OR"]
    if all(_NARROWS.match(word) for word in words):
        refuse(
            f"« {value} » ne cherche aucun mot", "« lang: », « is: » et « has: » précisent un mot, un # ou un compte"
        )
    return value


def _account(value: str) -> str:
    name = re.sub(r"^(?:https?://)?(?:www\.)?(?:x|twitter)\.com/|^@", "", value).removesuffix("/")
    if not re.fullmatch(r"\w{1,15}", name, re.ASCII):
        refuse(f"« {value} » n'est pas un compte de X", "par exemple Occitanie, sans @")
    return name


class XSettings(BaseModel):
    """One source is searches, our own account, or both: one key, one budget.

    The prices are those of pay-per-use in August 2026, a dollar taken for a euro: never too little. Posts of our
    account cost 0.001 to its own token alone, which we do not use. Who writes no budget may spend 20 € a month.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    budget: ClassVar[Budget] = Budget(
        posts_per_month=3_000_000,
        euros_per_month=Decimal(20),
        prices=Prices(post=Decimal("0.005"), own_post=Decimal("0.005"), author=Decimal("0.010")),
    )

    searches: tuple[Annotated[Text, AfterValidator(_query)], ...] = Field(
        (),
        alias="recherches",
        title="Recherches",
        description="Recherches comme X les écrit, par exemple : (Lodève OR #Lodève) lang:fr",
    )
    account: Annotated[str, AfterValidator(_account)] | None = Field(
        None,
        alias="compte",
        title="Compte",
        description="Compte de la Région : ce qui le mentionne, et ce qu'il publie et répond, par exemple Occitanie",
    )
    token: SecretName = Field(
        alias="jeton",
        title="Jeton",
        description="Nom de la variable qui porte le « Bearer Token » de l'application",
    )
    names: FieldNames = Field(
        "tweet.fields",
        alias="champs",
        title="Nom des champs",
        description="« tweet.fields », ou « post.fields » le jour où X n'accepte plus que lui (plus cher)",
    )
    sweeps: bool = Field(
        default=True,
        alias="suppressions",
        title="Suppressions",
        description="« non » pour ne pas payer une nouvelle lecture des messages afin de savoir s'ils sont supprimés",
    )

    @model_validator(mode="after")
    def _can_hear(self) -> Self:
        if not (self.searches or self.account):
            refuse("cette source n'écouterait rien", "donnez-lui des « recherches » ou un « compte »", "french_missing")
        return self
