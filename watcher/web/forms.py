"""What a browser sends: read within bounds, and only when one of our own pages sent it."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

TOKEN = "jeton"  # noqa: S105 - the name of the field, not its value

_BODY_BYTES = 64 * 1024
_FIELDS = 100
_KIND = "application/x-www-form-urlencoded"


async def fields_of(request: Request) -> Mapping[str, str]:
    """Return the fields of the form that was sent, the last of each name.

    Raises `HTTPException`: 403 from another site, 413 when it is huge, 415 for what no form of ours sends, 400 for
    what cannot be read.
    """
    if not _is_ours(request):
        raise HTTPException(403)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _KIND:
        raise HTTPException(415)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BODY_BYTES:
            raise HTTPException(413)
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS))
    except ValueError as error:
        raise HTTPException(400) from error


def _is_ours(request: Request) -> bool:
    """Tell whether the browser says that a page of ours sends this: https://www.w3.org/TR/fetch-metadata/."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    return request.headers.get("origin") == f"{request.url.scheme}://{request.headers.get('host', '')}"
