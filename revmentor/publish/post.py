"""A message as a mailer reads it, and its way to a server: accepted, refused, later, in doubt."""

from __future__ import annotations

import mimetypes
import re
import smtplib
import ssl
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, parseaddr
from types import TracebackType
from typing import NoReturn, Self

from revmentor.params.launch import Mail, Smtp
from revmentor.publish.mailmerge import Letter

LATER = range(400, 500)
_DOTS = re.compile(rb"(?m)^\.")


class LaterError(Exception):
    """The server cannot take it now."""


class RefusedError(Exception):
    """The server does not take this message, nor will it later."""


class DoubtError(Exception):
    """The connection broke after the content had begun to go out."""


class NoServiceError(Exception):
    """The server takes nothing from us: it refuses the login, the encryption, or the sender."""


def message_id(letter: Letter, mail: Mail, before: int = 0) -> str:
    """The same message has the same identity until a server has accepted it.

    One that is sent again on purpose has another: a mailbox drops what it seems to have already.
    ``before`` counts how often it was accepted.
    """
    domain = parseaddr(mail.sender)[1].rpartition("@")[2] or "revmentor.invalid"
    return f"<{letter.key}{f'.{before + 1}' if before else ''}@{domain}>"


def compose(letter: Letter, mail: Mail, files: Mapping[str, bytes], before: int = 0) -> bytes:
    """The whole message, ready for a server.

    Parameters
    ----------
    letter : Letter
    mail : Mail
        Sender, and where answers go.
    files : mapping of str to bytes
        What is attached, by file name.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = mail.sender
    user, _, domain = letter.email.rpartition("@")
    message["To"] = Address(_line(letter.name), user, domain)
    if mail.reply_to:
        message["Reply-To"] = mail.reply_to
    message["Subject"] = _line(letter.subject)
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = message_id(letter, mail, before)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    for name, content in files.items():
        kind = "text/calendar" if name.endswith(".ics") else mimetypes.guess_type(name)[0]
        main, _, sub = (kind or "application/octet-stream").partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def _line(text: str) -> str:
    """On one line, without what a header cannot hold."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


class Post:
    """A connection to the server; it is made when it is needed, and made again when it broke."""

    def __init__(self, smtp: Smtp, password: str) -> None:
        self._smtp, self._password = smtp, password
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self.drop()  # perhaps in the midst of a message, of which a farewell would be a part
        elif self._server is not None:
            try:
                self._server.quit()
            except (smtplib.SMTPException, OSError):
                self.drop()

    def drop(self) -> None:
        """Close the connection without a word."""
        if self._server is not None:
            self._server.close()
        self._server = None

    def address(self, sender: str, to: str) -> None:
        """Tell the server from whom and to whom; nothing of the content goes out.

        Raises
        ------
        LaterError, RefusedError, NoServiceError
        """
        try:
            server = self._connected()
            server.rset()
            code, _ = server.mail(parseaddr(sender)[1])
            if code != 250:
                self._give_up(code, NoServiceError("it does not take our sender's address"))
            code, _ = server.rcpt(to)
            if code not in (250, 251):
                self._give_up(code, RefusedError("it does not take the address"))
        except (smtplib.SMTPException, OSError) as error:
            self.drop()
            raise LaterError(_said(error)) from error

    def content(self, content: bytes) -> None:
        """Hand the content over; when this returns, the server has accepted it.

        Raises
        ------
        LaterError, RefusedError
            It has not accepted it.
        DoubtError
            Nobody knows.
        """
        assert self._server is not None
        refused = RefusedError("it does not take the message")
        try:
            code, _ = self._server.docmd("data")
        except (smtplib.SMTPException, OSError) as error:
            self.drop()
            raise LaterError(_said(error)) from error
        if code != 354:
            self._give_up(code, refused)
        body = _DOTS.sub(b"..", content)
        end = b".\r\n" if body.endswith(b"\r\n") else b"\r\n.\r\n"
        try:
            self._server.send(body + end)
            code, _ = self._server.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self.drop()
            raise DoubtError(_said(error)) from error
        if code != 250:
            self._give_up(code, refused)

    def _connected(self) -> smtplib.SMTP:
        if self._server is not None:
            return self._server
        smtp = self._smtp
        trusted = ssl.create_default_context()
        try:
            if smtp.security == "tls":
                server: smtplib.SMTP = smtplib.SMTP_SSL(
                    smtp.host, smtp.port, timeout=smtp.timeout, context=trusted
                )
            else:
                server = smtplib.SMTP(smtp.host, smtp.port, timeout=smtp.timeout)
            self._server = server
            if smtp.security == "starttls":
                server.starttls(context=trusted)
            if smtp.user:
                server.login(smtp.user, self._password)
            server.ehlo_or_helo_if_needed()
        except ssl.SSLCertVerificationError as error:
            raise NoServiceError(
                f"its certificate is not trusted here ({error.verify_message})"
            ) from error
        except smtplib.SMTPNotSupportedError as error:
            offers = "STARTTLS" if smtp.security == "starttls" else "a login"
            raise NoServiceError(f"it does not offer {offers}") from error
        except smtplib.SMTPAuthenticationError as error:
            if error.smtp_code in LATER:
                raise
            raise NoServiceError("it refuses the login") from error
        return server

    def _give_up(self, code: int, refused: Exception) -> NoReturn:
        if code in LATER or code < 0:
            if code in (421, -1):
                self.drop()
            raise LaterError(f"it answers {code}")
        raise type(refused)(f"{refused} ({code})")


def _said(error: Exception) -> str:
    """What happened, without what the server said: that may name people."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"it answers {error.smtp_code}"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "it closed the connection"
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    reason = getattr(error, "strerror", None)
    return f"no connection ({reason})" if reason else "no connection"
