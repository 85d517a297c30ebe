"""A conversation as the page keeps it for one person: the replies given, oldest first. It is written nowhere."""

from __future__ import annotations

from dataclasses import dataclass

from retriever.answer import Answer, Refusal


@dataclass(frozen=True, slots=True)
class Conversation:
    """The replies of one conversation, oldest first; empty before the first question."""

    replies: tuple[Answer | Refusal, ...] = ()

    @property
    def questions(self) -> tuple[str, ...]:
        """What was asked, oldest first."""
        return tuple(reply.question for reply in self.replies)

    @property
    def latest(self) -> Answer | Refusal | None:
        return self.replies[-1] if self.replies else None

    def with_reply(self, reply: Answer | Refusal) -> Conversation:
        """The conversation one reply longer; a question without words is not kept."""
        return Conversation((*self.replies, reply)) if reply.question.strip() else self
