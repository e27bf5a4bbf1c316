"""A digest as a file of its own: one page of HTML that needs nothing else, and prints on A4. Pure but for its template.

It runs nothing and fetches nothing, and says so to the browser: its policy lets in its own sheet, by its hash, alone.
"""

from jinja2 import Environment, PackageLoader, StrictUndefined

from watcher import french
from watcher.digest import drawing
from watcher.digest.document import Digest
from watcher.stores.digests import policy


def page(digest: Digest, site_name: str) -> str:
    """Return `digest` as a page of the watch called `site_name`. Whatever posts hold is text in it."""
    sheet = _TEMPLATES.get_template("digest.css").render()
    template = _TEMPLATES.get_template("digest.html")
    return template.render(digest=digest, site_name=site_name, policy=policy(sheet))


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("watcher.digest"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for written in (french.readable, french.excerpt, french.host, french.hour, french.number, french.machine_time):
        environment.filters[written.__name__] = written
    environment.filters["date_of"] = lambda at: french.date_of(french.paris(at).date())
    environment.globals["drawing"] = drawing
    return environment


_TEMPLATES = _environment()
