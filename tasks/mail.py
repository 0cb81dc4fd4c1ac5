"""Hands letters to the city's mail relay, over a connection kept open."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import aiosmtplib
import structlog
from aiosmtplib import (
    SMTPDataError,
    SMTPException,
    SMTPResponse,
    SMTPSenderRefused,
    SMTPServerDisconnected,
    SMTPStatus,
)

from config.settings import Tls
from tasks.mail_errors import AddressUnusable, MailFailure, MailRefused, MailUnavailable, Refusals
from tasks.mail_message import Attachment, OutgoingMail, as_message, message_id, thread_id

__all__ = [
    "AddressUnusable",
    "Attachment",
    "MailFailure",
    "MailRefused",
    "MailUnavailable",
    "OutgoingMail",
    "Receipt",
    "Relay",
    "RelaySettings",
    "Tls",
    "as_message",
    "message_id",
    "thread_id",
]

log: Final = structlog.get_logger()

TOO_LARGE: Final = 552
#: 251: not local, will be forwarded.
_TAKEN: Final = frozenset({SMTPStatus.completed, SMTPStatus.will_forward})


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """Where the relay is and how to speak to it; timeouts in seconds.

    Attributes:
        from_addr: the sender of every letter.
        ca_file: certificates to trust instead of the system's, as a PEM file.
        greeting: the name given in EHLO; fixed, since asking the resolver may take seconds.
    """

    host: str
    port: int
    from_addr: str
    tls: Tls = Tls.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    greeting: str = "localhost"
    connect_timeout: float = 10.0
    command_timeout: float = 30.0
    data_timeout: float = 120.0


@dataclass(frozen=True, slots=True)
class Receipt:
    """The relay took the letter (250) for at least one recipient; *refused* names the others."""

    reply: str
    refused: Refusals = field(default_factory=dict)


class Relay:
    """One connection to the relay, opened when first needed and again whenever it was lost.

    Letters go one after another; open several for more at once. Use on one event loop.

    Raises:
        OSError: the file of trusted certificates cannot be read.
    """

    def __init__(self, settings: RelaySettings) -> None:
        self.settings = settings
        self._tls_context = _tls_context(settings)
        self._smtp: aiosmtplib.SMTP | None = None
        self._one_at_a_time = asyncio.Lock()

    async def deliver(self, message: bytes, sender: str, recipients: Sequence[str], *, key: str) -> Receipt:
        """Hand over one message; safe to repeat, the Message-ID inside comes from *key*.

        Args:
            message: every line ended by CRLF, the last one too, as `as_message` makes it.

        Raises:
            MailRefused: no for good; a person must act.
            MailUnavailable: no answer, or try later.
        """
        async with self._one_at_a_time:
            try:
                smtp = await self._ready_for(sender, key)
                refused = await self._name_recipients(smtp, recipients)
                _refuse_if_all(refused, recipients, key)
                response = await self._hand_over(smtp, message)
            except MailFailure:
                await self._start_over()
                raise
            except SMTPDataError as error:
                await self._start_over()
                raise _failure(key, error.code) from error
            except (SMTPException, OSError, TimeoutError) as error:
                self._hang_up()
                raise MailUnavailable(key, max(0, getattr(error, "code", 0))) from error
            except asyncio.CancelledError:
                self._hang_up()  # a half-spoken transaction must not meet the next letter
                raise
        log.info("mail.sent", key=key, recipients=len(recipients), refused=len(refused))
        return Receipt(response.message, refused)

    async def close(self) -> None:
        """Say goodbye; the next letter opens a new connection."""
        smtp, self._smtp = self._smtp, None
        if smtp is None or not smtp.is_connected:
            return
        try:
            await smtp.quit(timeout=self.settings.command_timeout)
        except (SMTPException, OSError):
            smtp.close()

    async def _ready_for(self, sender: str, key: str) -> aiosmtplib.SMTP:
        kept = self._smtp
        if kept is not None and kept.is_connected:
            try:
                code = (await _say(kept, b"MAIL", b"FROM:", sender)).code
            except SMTPServerDisconnected:
                self._hang_up()
            else:
                if code == SMTPStatus.completed:
                    return kept
                self._hang_up()
                if code != SMTPStatus.domain_unavailable:
                    raise _sender_refused(key, code)
        # The kept connection went away while idle; nothing was said on it yet, so a new one may be tried.
        fresh = await self._connect()
        try:
            await fresh.mail(sender)
        except SMTPSenderRefused as error:
            raise _sender_refused(key, error.code) from error
        return fresh

    async def _connect(self) -> aiosmtplib.SMTP:
        settings = self.settings
        smtp = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            local_hostname=settings.greeting,
            use_tls=settings.tls is Tls.TLS,
            start_tls=settings.tls is Tls.STARTTLS,
            tls_context=self._tls_context,
            username=settings.user or None,
            password=settings.password or None,
            timeout=settings.command_timeout,
        )
        await smtp.connect(timeout=settings.connect_timeout)
        smtp.timeout = settings.command_timeout
        self._smtp = smtp
        return smtp

    async def _name_recipients(
        self, smtp: aiosmtplib.SMTP, recipients: Sequence[str]
    ) -> dict[str, tuple[int, str]]:
        refused: dict[str, tuple[int, str]] = {}
        for recipient in recipients:
            answer = await _say(smtp, b"RCPT", b"TO:", recipient)
            if answer.code not in _TAKEN:
                refused[recipient] = (answer.code, answer.message)
        return refused

    async def _hand_over(self, smtp: aiosmtplib.SMTP, message: bytes) -> SMTPResponse:
        """DATA and the message.

        aiosmtplib's own `data` looks through every line for other line ends: a tenth of a letter's time.
        """
        limit = self.settings.data_timeout
        answer = await smtp.execute_command(b"DATA", timeout=limit)
        if answer.code != SMTPStatus.start_input:
            raise SMTPDataError(answer.code, answer.message)
        if smtp.protocol is None:
            raise SMTPServerDisconnected("connection lost after DATA")
        smtp.protocol.write(dot_stuffed(message) + b".\r\n")
        answer = await smtp.protocol.read_response(timeout=limit)
        if answer.code != SMTPStatus.completed:
            raise SMTPDataError(answer.code, answer.message)
        return answer

    async def _start_over(self) -> None:
        smtp = self._smtp
        if smtp is None or not smtp.is_connected:
            self._hang_up()
            return
        try:
            await smtp.rset()
        except (SMTPException, OSError):
            self._hang_up()

    def _hang_up(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None


def dot_stuffed(message: bytes) -> bytes:
    """The message with a line's first dot doubled, so that none ends it early (RFC 5321 4.5.2)."""
    stuffed = message.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed


async def _say(smtp: aiosmtplib.SMTP, verb: bytes, word: bytes, address: str) -> SMTPResponse:
    """One command about an address on a connection that has been greeted.

    `as_message` has checked the address; aiosmtplib's own `mail` and `rcpt` would take it apart once more,
    which cost a tenth of a letter.
    """
    return await smtp.execute_command(verb, word + b"<" + address.encode("ascii") + b">")


def _tls_context(settings: RelaySettings) -> ssl.SSLContext | None:
    # Built once: reading the system's certificates takes longer than sending many letters.
    if settings.tls is Tls.NONE:
        return None
    return ssl.create_default_context(cafile=settings.ca_file or None)


def _is_final(code: int) -> bool:
    return 500 <= code < 600


def _failure(key: str, code: int, refused: Refusals | None = None) -> MailFailure:
    return (MailRefused if _is_final(code) else MailUnavailable)(key, code, refused)


def _sender_refused(key: str, code: int) -> MailFailure:
    # Whoever may not send at all would see every letter marked undeliverable; the relay's account is at
    # fault, not the letter. Only "too large" is about the letter.
    return MailRefused(key, code) if code == TOO_LARGE else MailUnavailable(key, code)


def _refuse_if_all(refused: Refusals, recipients: Sequence[str], key: str) -> None:
    if len(refused) < len(set(recipients)):
        return
    codes = [code for code, _ in refused.values()]
    raise _failure(
        key, next((code for code in codes if not _is_final(code)), codes[0] if codes else 0), refused
    )
