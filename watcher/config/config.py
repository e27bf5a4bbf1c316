"""What the configuration says once checked: the values that the rest of the house uses.

A default stands beside the reason for its figure. The YAML keys are French; their names are in `models`.
"""

from dataclasses import dataclass, field
from datetime import date, time, timedelta

from watcher.model import Source
from watcher.secrets import NamedSecret

DEFAULT_INTERVAL = timedelta(minutes=15)
"""News feeds change a few times an hour; a quarter of an hour is polite and early enough to answer somebody."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things are kept, from the time they were collected. The data protection officer decides."""

    # After a month nobody answers a post any more: who wrote it is of no use.
    identifiers: timedelta = timedelta(days=30)
    # Texts are compared with the same week of the year before, then only counts remain.
    texts: timedelta = timedelta(days=365)
    # Long enough for somebody to see what was set aside and to correct a word.
    off_subject: timedelta = timedelta(days=14)
    # Long enough to mend a fault, deliver it and replay what it broke.
    dead_letters: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ElasticsearchConfig:
    """Where posts go. `url` None: the node that starts with the daemon, on this machine, with `heap_mb` of memory."""

    # Several instances can share one cluster if each has its own prefix.
    prefix: str = "watcher-"
    # The figures of deploy/decisions/001 are of this much; a laptop can spare it.
    heap_mb: int = 512
    url: str | None = None


@dataclass(frozen=True, slots=True)
class PageConfig:
    """The web page: for this machine alone, unless it has `names`, and then for who knows the `password`.

    `password` names the variable of its argon2 hash; `proxies` are addresses or networks whose word on who asks, and
    by HTTPS, is taken.
    """

    # Above the privileged ports, and used by no common software.
    port: int = 8470
    # Nobody else reaches it.
    address: str = "127.0.0.1"
    names: tuple[str, ...] = ()
    password: NamedSecret | None = None
    # The usual place of a reverse proxy is beside what it stands for.
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")

    @property
    def url(self) -> str:
        """Where the team opens it."""
        return f"https://{self.names[0]}/" if self.names else f"http://127.0.0.1:{self.port}/"


@dataclass(frozen=True, slots=True)
class VoicesConfig:
    """For how many voices an author counts in trends. People, and whoever we know nothing of, count for one."""

    # A newspaper is heard as somebody is: what ten of them reprint is one text, and hardly more than one voice.
    media: float = 1.0
    # What a town hall or a prefecture announces is news when people take it up.
    institution: float = 0.5
    # Who sells something says it again and again.
    company: float = 0.5
    # A program is nobody.
    bot: float = 0.0


@dataclass(frozen=True, slots=True)
class Instance:
    """`veille.yml`: who listens, what is kept, where. `contact` (URL or e-mail address) goes in the User-Agent."""

    name: str
    contact: str
    retention: Retention = field(default_factory=Retention)
    elasticsearch: ElasticsearchConfig = field(default_factory=ElasticsearchConfig)
    page: PageConfig = field(default_factory=PageConfig)
    watched_words: tuple[str, ...] = ()
    voices: VoicesConfig = field(default_factory=VoicesConfig)


@dataclass(frozen=True, slots=True)
class ThemeConfig:
    """One topic of `themes.yml`. `id` is what documents carry, `name` what the team reads; all words are literal."""

    id: str
    name: str
    words: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InstitutionConfig:
    """The names under which people speak of the region. Accounts are handles without their sign.

    `competences` are what the law entrusts to a region: such words mean it only beside a place or a source of ours.
    """

    names: tuple[str, ...] = ()
    ambiguous_names: tuple[str, ...] = ()
    competences: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceConfig:
    """A name that people give to a place, with the INSEE codes of the départements and communes it means."""

    name: str
    departements: tuple[str, ...] = ()
    communes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TerritoryConfig:
    """`territoire.yml`: what makes a post one about the region. `public_accounts` are never pseudonymised."""

    institution: InstitutionConfig
    context: tuple[str, ...] = ()
    other_regions: tuple[str, ...] = ()
    places: tuple[PlaceConfig, ...] = ()
    exceptions: tuple[str, ...] = ()
    public_accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours in which nobody is called, on the clocks of the region: from one time of day to another, over night."""

    begins: time = time(21)
    ends: time = time(7)


@dataclass(frozen=True, slots=True)
class AlertRule:
    """One rule of `alertes.yml`: which trends it takes, from how surprising and how many voices on, and who is told.

    What it names is in the terms that trends bear; a rule that names nothing takes everything. `threshold` is a score;
    `channel` None is the default one; a rule that passes the night calls at any hour; `rest` is how long what follows
    joins its last thread.
    """

    name: str
    themes: tuple[str, ...] = ()
    departements: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    is_to_answer: bool = False
    threshold: float = 0.0
    min_voices: float = 0.0
    channel: str | None = None
    mentions: tuple[str, ...] = ()
    passes_the_night: bool = False
    rest: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class DigestsConfig:
    """When the digests are made, on the clocks of the region: each morning, each Monday; None where they are not.

    `channel` None is the default one.
    """

    # Before the first meeting of the day, and after the last hour at which most people arrive.
    morning: time | None = time(8, 30)
    # Half an hour later, so that two long messages do not come at once.
    monday: time | None = time(9)
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class AlertsConfig:
    """`alertes.yml`: the first rule that takes a trend tells it. `per_hour` new threads a channel, then one for all."""

    channel: str
    quiet: Quiet | None = None
    per_hour: int = 6
    rules: tuple[AlertRule, ...] = ()
    kibana: str | None = None
    digests: DigestsConfig = DigestsConfig()


@dataclass(frozen=True, slots=True)
class Expectation:
    """One entry of `calendrier.yml`: what is spoken of `times` more than usual, on one kind of `day` or from a date on.

    `day` is a value of `pipelines.calendar.DayKind`; `begins` and `ends` are both days of the event.
    """

    name: str
    themes: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    departements: tuple[str, ...] = ()
    times: float = 1.0
    day: str = ""
    begins: date | None = None
    ends: date | None = None

    @property
    def keys(self) -> frozenset[tuple[str, str]]:
        """The kinds and terms of trends that it expects."""
        named = {"theme": self.themes, "hashtag": self.hashtags, "departement": self.departements}
        return frozenset((kind, term.removeprefix("#").casefold()) for kind, terms in named.items() for term in terms)


@dataclass(frozen=True, slots=True)
class CalendarConfig:
    """`calendrier.yml`: what is to be expected, and when."""

    expectations: tuple[Expectation, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of `equipe.yml`. `slack` is the id that Slack knows this person by, None where none is given."""

    name: str
    slack: str | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration, checked. `sources` are those to collect; `paused` those with `actif: non`."""

    instance: Instance
    sources: tuple[Source, ...]
    paused: tuple[Source, ...]
    themes: tuple[ThemeConfig, ...]
    territory: TerritoryConfig
    alerts: AlertsConfig = AlertsConfig("#veille")
    calendar: CalendarConfig = CalendarConfig()
    team: tuple[Member, ...] = ()
