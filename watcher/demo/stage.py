"""The demo's page from the first second on: a curtain while the house opens, then the page itself, shown anew."""

from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_RENEWED_S = 2
"""A tick of the play lasts a second; half as often is calm enough to read."""

_CURTAIN = """<!DOCTYPE html>
<html lang="fr">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>La démonstration s'ouvre</title></head>
<body>
<h1>La démonstration s'ouvre</h1>
<p>Elasticsearch démarre : quelques secondes, un peu plus la première fois. Cette page se renouvelle seule.</p>
</body>
</html>
"""


class Stage:
    """Answers with `page`, a curtain until there is one, and asks browsers to come back as long as it `is_playing`."""

    def __init__(self) -> None:
        self.page: ASGIApp = HTMLResponse(_CURTAIN)
        self.is_playing = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def renewed(message: Message) -> None:
            if self.is_playing and message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"refresh", str(_RENEWED_S).encode())]
            await send(message)

        await self.page(scope, receive, renewed)
