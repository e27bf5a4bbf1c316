"""The shape of `equipe.yml`: see `models`."""

from collections import Counter
from typing import Annotated

from pydantic import AfterValidator, Field

from watcher.config.config import Member
from watcher.config.fields import SlackId, Text, refuse
from watcher.config.group import Group


class MemberModel(Group):
    """One of `membres`."""

    name: Text = Field(alias="nom", title="Nom", description="Le nom sous lequel l'équipe connaît cette personne")
    slack: SlackId | None = Field(
        None, title="Slack", description="Son identifiant Slack (U0123ABCD), pour reconnaître ses réactions"
    )

    def value(self) -> Member:
        """Return what the house uses."""
        return Member(self.name, self.slack)


def _each_once(members: tuple[MemberModel, ...]) -> tuple[MemberModel, ...]:
    """Two of one name would answer for each other."""
    names = Counter(member.name.casefold() for member in members)
    ids = Counter(member.slack for member in members if member.slack)
    for member in members:
        if names[member.name.casefold()] > 1:
            refuse(f"« {member.name} » est là plus d'une fois", "ajoutez une initiale : chaque nom est unique")
        if member.slack and ids[member.slack] > 1:
            refuse(f"l'identifiant {member.slack} est à plus d'une personne", "recopiez celui de chacun depuis Slack")
    return members


class TeamModel(Group):
    """`equipe.yml`."""

    members: Annotated[tuple[MemberModel, ...], AfterValidator(_each_once)] = Field(
        alias="membres", title="Membres", description="Qui travaille avec la veille ; « [] » tant qu'il n'y a personne"
    )

    def value(self) -> tuple[Member, ...]:
        """Return what the house uses, in the order of the file."""
        return tuple(member.value() for member in self.members)
