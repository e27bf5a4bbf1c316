"""The shape of `page` in `veille.yml`: see `models`."""

import re
from ipaddress import ip_address, ip_network
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from watcher.config.config import PageConfig
from watcher.config.fields import SecretName, refuse
from watcher.config.group import Group

_DEFAULT = PageConfig()


def _address(value: str) -> str:
    try:
        return str(ip_address(value))
    except ValueError:
        refuse(f"il faut l'adresse IP d'une carte réseau de cette machine, et non « {value} »", "par exemple 10.0.0.5")


def _proxy(value: str) -> str:
    try:
        return str(ip_network(value)).removesuffix("/32").removesuffix("/128")
    except ValueError:
        refuse(f"il faut l'adresse IP de votre serveur mandataire, et non « {value} »", "par exemple 10.0.0.2")


def _name(value: str) -> str:
    if not re.fullmatch(r"(?!-)[a-z0-9-]{1,63}(?:\.(?!-)[a-z0-9-]{1,63})*", value):
        refuse(
            f"il faut un nom de machine, et non « {value} »",
            "en minuscules, sans http:// ni port, par exemple veille.exemple.fr",
        )
    return value


class PageModel(Group):
    """`page`."""

    port: int = Field(
        _DEFAULT.port, ge=1024, le=65_535, title="Port", description="Le numéro de porte de la page, à partir de 1024"
    )
    address: Annotated[str, AfterValidator(_address)] = Field(
        _DEFAULT.address,
        alias="adresse",
        title="Adresse",
        description="L'adresse de cette machine où la page écoute ; ailleurs que 127.0.0.1, il faut un mot de passe",
    )
    names: tuple[Annotated[str, AfterValidator(_name)], ...] = Field(
        (),
        alias="noms",
        title="Noms",
        description="Les noms par lesquels on ouvre la page d'une autre machine, en HTTPS",
    )
    password: SecretName | None = Field(
        None,
        alias="mot_de_passe",
        title="Mot de passe",
        description="La variable où « watcher page password » garde le mot de passe de la page",
    )
    proxies: tuple[Annotated[str, AfterValidator(_proxy)], ...] = Field(
        _DEFAULT.proxies,
        alias="mandataires",
        title="Mandataires",
        description="Les adresses des serveurs mandataires que l'on croit sur parole",
    )

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        is_elsewhere = not ip_address(self.address).is_loopback
        if self.password is None and (is_elsewhere or self.names):
            refuse(
                "une page ouverte à d'autres machines demande un mot de passe",
                "ajoutez « mot_de_passe: WATCHER_PAGE_MOT_DE_PASSE », puis lancez « watcher page password »",
            )
        if self.password is not None and not self.names:
            refuse(
                "une page à mot de passe s'ouvre par un nom, et aucun n'est donné",
                "ajoutez « noms: [veille.exemple.fr] », le nom que sert votre mandataire",
            )
        if not self.proxies:
            refuse("« mandataires » est vide", "ajoutez l'adresse de votre serveur mandataire, ou retirez cette ligne")
        return self

    def value(self) -> PageConfig:
        """Return what the house uses."""
        return PageConfig(self.port, self.address, self.names, self.password, self.proxies)
