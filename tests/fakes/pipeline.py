"""Stand-ins for the spaCy pipeline in a reading process: what only a bug could make it do, a text makes these do.

It imports nothing heavy: each dead worker is replaced by a new one, and a test loses several.
"""

import os
import time
from contextlib import AbstractContextManager, nullcontext
from types import SimpleNamespace
from typing import Any


def build_sensitive() -> Any:
    return Sensitive()


def build_nothing() -> Any:
    raise RuntimeError("no model")


class Sensitive:
    """Reads every text alike; « mortel » ends the process, « sans fin » hangs it, « fautif » raises."""

    def memory_zone(self) -> AbstractContextManager[None]:
        return nullcontext()

    def make_doc(self, text: str) -> SimpleNamespace:
        return SimpleNamespace(text=text, _=SimpleNamespace())

    def __call__(self, doc: SimpleNamespace) -> SimpleNamespace:
        match doc.text:
            case "mortel":
                os._exit(1)
            case "sans fin":
                time.sleep(60)
            case "fautif":
                raise ValueError(doc.text)
        doc._.lang, doc._.relevance, doc._.intent, doc._.to_answer = "fr", "territoire", "information", False
        for name in "topics hashtags hashtags_raw mentions domains departements communes evidence".split():
            setattr(doc._, name, ())
        doc._.signature = None
        return doc
