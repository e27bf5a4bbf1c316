"""Keys that the settings of Meta's platforms share: our Page, and the version of the API."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from watcher.config.fields import refuse


def _page(value: str) -> str:
    page = re.sub(r"^(?:https?://)?(?:www\.|m\.)?facebook\.com/", "", value).strip("/@")
    if not re.fullmatch(r"[\w.-]{1,100}", page):
        refuse(
            f"« {value} » n'est pas une Page de Facebook",
            "son nom dans facebook.com/nom, ou son numéro (Paramètres › Transparence de la Page)",
        )
    return page


def _version(value: str) -> str:
    if not re.fullmatch(r"v\d{1,3}\.\d{1,2}", value):
        refuse(f"« {value} » n'est pas une version de l'API", "par exemple v25.0")
    return value


PageName = Annotated[str, AfterValidator(_page)]
Version = Annotated[str, AfterValidator(_version)]
FollowedDays = Annotated[int, Field(ge=1, le=365)]

VERSION = "v25.0"
"""Of 18 February 2026; Meta keeps a version for some two years."""
