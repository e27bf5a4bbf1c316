"""What a status means for us: pure, from the status line of an answer to an error of the tree, or none."""

from watcher.errors import AuthRefused, RateLimited, Refused, SourceGone, Unreachable


def judge(status: int, host: str, retry_after_s: float | None) -> None:
    """Accept 2xx and 304, and raise what the caller must hear of the rest. Redirections are not judged here."""
    match status:
        case 304:
            return
        case 429 | 503 if retry_after_s is not None:
            raise RateLimited(f"{host} demande d'attendre {retry_after_s:.0f} s", retry_after_s)
        case 429:
            raise RateLimited(f"{host} demande de ralentir (réponse 429)")
        case 401 | 403:
            raise AuthRefused(
                f"{host} refuse l'accès (réponse {status}) : clé absente, expirée ou sans ce droit", status
            )
        case 404 | 410:
            raise SourceGone(f"{host} répond {status} : l'adresse n'existe plus", status)
    if 500 <= status < 600:  # noqa: PLR2004 - the class of the server's own faults
        raise Unreachable(f"{host} est en panne (réponse {status})", retry_after_s)
    if not 200 <= status < 300:  # noqa: PLR2004 - the class of success
        raise Refused(f"{host} refuse la demande (réponse {status})", status)
