"""Every platform that counts here: what it gives, its price, who opens the door, and whether the watch reads it yet.

The facts were read in the platforms' own documentation in November 2026. `tests/unit/test_catalog.py` holds `state` to
the collectors that exist.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

_HOST = re.compile(r"(?:\w+://)?(?:[^/?#]*@)?([^/?#:]*).*", re.DOTALL)


class State(StrEnum):
    """Whether the watch can listen there, in the team's words."""

    READY = "prête"
    PLANNED = "prévue"


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform. `name` is its `plateforme` in YAML, `hosts` the sites that are its own."""

    name: str
    title: str
    state: State
    gives: str
    price: str
    key: str
    hosts: tuple[str, ...] = ()


_META_REVIEW = "developers.facebook.com : application vérifiée (Business Verification) et examinée (App Review)"

PLATFORMS = (
    Platform(
        "rss",
        "Presse et blogs",
        State.READY,
        "Les derniers articles d'un flux RSS, Atom ou JSON Feed : titre et résumé.",
        "gratuit",
        "aucune clé",
    ),
    Platform(
        "mastodon",
        "Mastodon",
        State.READY,
        "Les hashtags et les comptes d'une instance ; les mots de tous les textes avec un compte sur cette instance.",
        "gratuit",
        "sans clé si l'instance le permet ; pour les recherches : dans l'instance, Préférences › Développement",
    ),
    Platform(
        "bluesky",
        "Bluesky",
        State.READY,
        "Tout ce qui s'y dit, filtré sur le territoire ; un compte ; des recherches avec un compte de la Région.",
        "gratuit",
        "aucune clé ; pour les recherches : un mot de passe d'application, Paramètres › Confidentialité et sécurité",
        ("bsky.app", "bsky.social"),
    ),
    Platform(
        "youtube",
        "YouTube",
        State.READY,
        "Notre chaîne, d'autres, des vidéos, et leurs commentaires ; les vidéos par mots : 100 recherches par jour.",
        "gratuit",
        "une clé de l'API YouTube Data v3, dans un projet Google, tout de suite : console.cloud.google.com",
        ("youtube.com", "youtu.be"),
    ),
    Platform(
        "threads",
        "Threads",
        State.READY,
        "Les messages publics par mots ou sujets, une fois l'application examinée ; nos messages, leurs réponses, nos "
        "mentions.",
        "gratuit",
        f"le jeton de notre compte ; pour les recherches : {_META_REVIEW} pour threads_keyword_search",
        ("threads.net", "threads.com"),
    ),
    Platform(
        "instagram",
        "Instagram",
        State.READY,
        "Notre compte, ses commentaires, qui l'identifie ; 30 hashtags par semaine, sur 24 heures, sans les auteurs.",
        "gratuit",
        f"un compte professionnel et instagram_manage_comments ; pour les hashtags, {_META_REVIEW}",
        ("instagram.com",),
    ),
    Platform(
        "facebook",
        "Facebook",
        State.READY,
        "Nos propres Pages : publications, visiteurs, tous les commentaires. Ni recherche, ni profils, ni groupes.",
        "gratuit",
        "le jeton de la Page, avec pages_read_engagement et pages_read_user_content : developers.facebook.com/apps",
        ("facebook.com", "fb.com"),
    ),
    Platform(
        "x",
        "X",
        State.READY,
        "Les messages par mots, sur 7 jours ou depuis 2006 ; les mentions et les réponses de notre compte. Suivre des "
        "manifestations ou profiler est interdit.",
        "0,005 $ par message lu, 0,010 $ par fiche de compte",
        "le Bearer Token d'une application et des crédits, avec un plafond de dépense : console.x.com",
        ("x.com", "twitter.com"),
    ),
    Platform(
        "linkedin",
        "LinkedIn",
        State.READY,
        "Notre propre Page : ses messages, tous leurs commentaires, et qui la mentionne. Aucune recherche.",
        "gratuit",
        "le produit Community Management API, après examen de la page : learn.microsoft.com/linkedin",
        ("linkedin.com",),
    ),
    Platform(
        "telegram",
        "Telegram",
        State.PLANNED,
        "Les chaînes publiques, et les messages de toutes par hashtag.",
        "gratuit ; au-delà de quelques recherches de mots par jour, payant (Stars)",
        "api_id et api_hash, avec un numéro de téléphone : my.telegram.org",
        ("t.me", "telegram.me"),
    ),
    Platform(
        "peertube",
        "PeerTube",
        State.READY,
        "Les vidéos de toutes les instances par mots (SepiaSearch), et leurs commentaires.",
        "gratuit",
        "aucune clé",
        ("sepiasearch.org",),
    ),
    Platform(
        "lemmy",
        "Lemmy",
        State.READY,
        "Les messages et les commentaires des forums d'une instance, par mots.",
        "gratuit",
        "aucune clé",
    ),
    Platform(
        "reddit",
        "Reddit",
        State.READY,
        "Les forums et leurs commentaires, si Reddit l'accepte. Sans accord, tout est refusé depuis mai 2026.",
        "gratuit, ou sur contrat",
        "accord écrit avant tout, presque toujours refusé : support.reddithelp.com (Responsible Builder Policy)",
        ("reddit.com",),
    ),
    Platform(
        "tiktok",
        "TikTok",
        State.READY,
        "Les vidéos de notre compte et ses chiffres. Aucune recherche : elle est réservée aux organismes de recherche. "
        "Aucun commentaire.",
        "gratuit",
        "une application avec video.list et user.info.stats, après examen : developers.tiktok.com",
        ("tiktok.com",),
    ),
)


def of_address(address: str) -> Platform | None:
    """Return the platform whose own site `address` leads to, None for any other site."""
    site = f".{host_of(address)}"
    return next((each for each in PLATFORMS if any(site.endswith(f".{own}") for own in each.hosts)), None)


def host_of(address: str) -> str:
    """Return the name of the site in `address`, whatever else is wrong with it; empty where there is none."""
    return _HOST.sub(r"\1", address).lower()
