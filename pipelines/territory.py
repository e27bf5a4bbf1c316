"""What tells that a post concerns the region: the team's names, services and places, from `config/territoire.yml`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LocalName:
    """A place that the gazetteer lacks, by INSEE's codes; none for a name of the whole region."""

    name: str
    departements: tuple[str, ...] = ()
    communes: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the codes of départements (two characters) and of communes (five) together."""
        return self.departements + self.communes


@dataclass(frozen=True, slots=True)
class Territory:
    """One region, as it is named and as it is mistaken.

    `names`, `accounts` (handles without sign), `services` and `people` are the institution wherever they stand; a name
    that is a host name ("laregion.fr") is looked for among the links. `ambiguous_names` are the institution only with a
    reason, `duties` (what the law gives it: lycées, regional trains) only beside a place of the region. `context` gives
    weight to an ambiguous name, `elsewhere` (other regions, their towns, other countries) takes it away. `places` and
    `exceptions` complete the gazetteer.
    """

    names: tuple[str, ...] = ()
    ambiguous_names: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    places: tuple[LocalName, ...] = ()
    exceptions: tuple[str, ...] = ()
