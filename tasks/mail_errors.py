"""What can go wrong with a letter on its way: a person must act, or it may be tried again."""

from __future__ import annotations

from collections.abc import Mapping

#: Per recipient the relay's code and words, as in ``{"a@b.example": (550, "no such user")}``.
Refusals = Mapping[str, tuple[int, str]]


class MailFailure(Exception):
    """The relay did not take a letter.

    Attributes:
        code: the relay's, 0 when it gave none.
        refused: the recipients it said no to, when it came that far.
    """

    def __init__(self, key: str, code: int = 0, refused: Refusals | None = None) -> None:
        super().__init__(key, code, refused)
        self.key, self.code, self.refused = key, code, refused or {}

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.key} ({self.code or 'no reply'})"


class MailRefused(MailFailure):
    """The relay said no for good (5xx) to every recipient or to the content; a person must act."""


class MailUnavailable(MailFailure):
    """No answer, or try later (4xx, greylisting); also while the relay refuses us, not the letter."""


class AddressUnusable(MailRefused):
    """An address no relay could take, or one with more in it than an address; a person must mend it."""
