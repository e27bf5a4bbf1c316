"""« Qui êtes-vous ? »: asked once, so that a judgement bears a name. It is no account: nothing is proved by it."""

from collections.abc import Sequence

from starlette.requests import Request

from watcher.web.choices import UnknownChoice
from watcher.web.view import Done, Form, Sheet, View

PATH = "/qui"


def people_view(team: Sequence[str]) -> View:
    """Return where a member of `team` says who they are, or that they only look."""

    async def show(_: Request) -> Sheet:
        return Sheet("people.html", {})

    async def take(form: Form) -> Done:
        person = form.fields.get("personne", "")
        if person and person not in team:
            raise UnknownChoice("Ce nom n'est pas, ou n'est plus, dans config/equipe.yml.")
        said = f"Bonjour {person} : ce que vous direz des tendances portera votre nom." if person else ""
        return Done("/", said or "C'est noté : vous regardez seulement.", person)

    return View(PATH, "", show, takes={PATH: take})
