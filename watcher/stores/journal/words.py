"""What people say of trends and alerts, what they do with them, and the documents in which both are told."""

from collections.abc import Collection
from datetime import datetime, timedelta

from watcher.feedback import Judgement
from watcher.handling import Care, Deed, Handling
from watcher.model import PostId
from watcher.stores.journal.file import JournalFile
from watcher.stores.journal.handlings import Handlings
from watcher.stores.journal.judgements import Judgements
from watcher.stores.journal.messages import Draft, Messages
from watcher.stores.journal.outbox import Outbox, Write
from watcher.stores.journal.reactions import Reactions
from watcher.stores.journal.subjects import SPOKEN_OF, Subject, Subjects, with_words

JUDGEABLE = timedelta(days=90)
"""For how long after it was last heard a trend can be judged: figures are by month, and months are looked at late."""


class Words:
    """Keeps each word and the documents that tell it in one transaction. Raises what `JournalFile` raises."""

    def __init__(self, file: JournalFile, outbox: Outbox, messages: Messages) -> None:
        self._file = file
        self._outbox = outbox
        self._messages = messages
        self.judgements = Judgements(file)
        self.handlings = Handlings(file)
        self.subjects = Subjects(file)
        self.reactions = Reactions(file)

    def judge(self, said: Judgement) -> None:
        """Keep what a person says of an alert, here and, through the outbox, in its documents."""
        with self._file.transaction():
            self.judgements.put(said)
            self._say(said.alert)

    def unjudge(self, alert: PostId, person: str) -> None:
        """Forget what a person said of an alert, here and in its documents."""
        with self._file.transaction():
            self.judgements.remove(alert, person)
            self._say(alert)

    def handle(self, done: Handling) -> None:
        """Keep what a person does with an alert, here, in its document, and for the message about it to say."""
        with self._file.transaction():
            self.handlings.put(done)
            self._say(done.alert, is_shown=True)

    def unhandle(self, alert: PostId, person: str, deed: Deed) -> None:
        """Forget what a person did with an alert, wherever `handle` tells it."""
        with self._file.transaction():
            self.handlings.remove(alert, person, deed)
            self._say(alert, is_shown=True)

    def tell_again(self, subject: Subject, drafts: Collection[Draft]) -> None:
        """Let the message about `subject` wait to be written anew by `drafts`, and keep that it says all."""
        with self._file.transaction():
            self._messages.put(drafts)
            self.subjects.set_told(subject)

    def send(self, writes: Collection[Write]) -> None:
        """Let `writes` wait for Elasticsearch, those of trends and alerts with what people say of them."""
        with self._file.transaction():
            self._outbox.put([write for write in writes if write.index not in SPOKEN_OF])
            self._send_subjects(self.subjects.keep(writes))

    def prune(self, now: datetime) -> None:
        """Forget the trends that are judged no more, who saw to them, and the threads and reactions of that time."""
        self.subjects.prune(now - JUDGEABLE)
        self.handlings.prune()
        self.reactions.prune(now - JUDGEABLE)
        self._messages.prune(now - JUDGEABLE)

    def _say(self, alert: PostId, *, is_shown: bool = False) -> None:
        self.subjects.count_change(alert, is_shown=is_shown)
        self._send_subjects([alert])

    def _send_subjects(self, ids: Collection[PostId]) -> None:
        judgements, cares = self.judgements.of(ids), self.handlings.cares(ids)
        self._outbox.put(
            [
                with_words(write, judgements.get(write.doc_id, ()), cares.get(write.doc_id, Care()))
                for write in self.subjects.writes(ids)
            ]
        )
