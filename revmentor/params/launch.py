"""Who approves a match, and how do its pairs begin?"""

from __future__ import annotations

import re
from email.utils import getaddresses, parseaddr
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from revmentor.params.nearest import nearest
from revmentor.params.section import Section, wrong

MAIL_FIELDS = (
    "coordinator",
    "end",
    "first_meeting_by",
    "link",
    "meetings",
    "minutes",
    "name",
    "partner",
    "side",
    "start",
    "title",
    "topic",
)
SUBJECT = (
    "{{ title }}: {% if topic %}your circle about {{ topic }}{% else %}you and {{ partner }}"
    "{% endif %}"
)
TEXT = """\
Dear {{ name }},

{{ title }} begins on {{ start }}.{% if topic %} You are a {{ side }} in a circle about \
{{ topic }}, together with {{ partner }}.{% else %} We have matched you with {{ partner }}, who \
{% if side == "mentor" %}would like to learn from you.{% else %}is going to be your mentor.\
{% endif %}{% endif %}

Your launch pack is attached: {% if topic %}who the others are, why this circle{% else %}who the \
other is, why you were matched{% endif %}, how to spend the first meeting. The calendar file has \
{{ meetings }} of {{ minutes }} in everybody's working hours; open it to put them into your \
calendar, and move what does not fit. Please meet for the first time by {{ first_meeting_by }}.
{% if link %}
{% if topic %}Ask for support, or raise a hand in confidence, at any time{% else %}Tell us in a \
minute how it goes{% endif %}, from your phone too. The link is yours alone:
{{ link }}
{% endif %}
With kind regards,
{{ coordinator }}
"""
_NAME = re.compile(r"[A-Za-z_]\w*")
_ADDRESS = re.compile(r"[^\s@<>,;:\"()]+@[^\s@<>,;:\"()]+")
_MAILBOX = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[\w-]+(\.[\w-]+)*", re.ASCII)
_LOCAL = ("localhost", "127.0.0.1", "::1")


def is_address(text: str) -> bool:
    """Is this one e-mail address, with or without a name before it?

    >>> is_address("Mentoring <mentoring@example.com>"), is_address("a@example.com, b@example.com")
    (True, False)
    """
    if len(getaddresses([text])) != 1 or "\n" in text or "\r" in text:
        return False
    return bool(_ADDRESS.fullmatch(parseaddr(text)[1]))


def can_be_written_to(text: str) -> bool:
    """Is this the plain address of one person, of letters that every mail server takes?

    >>> can_be_written_to("ann@example.com"), can_be_written_to("Ann <ann@example.com>")
    (True, False)
    >>> can_be_written_to("ann@example..com"), can_be_written_to("jörg@example.com")
    (False, False)
    """
    return text.isascii() and bool(_MAILBOX.fullmatch(text))


class Mail(Section):
    """The message that takes a pack to its reader."""

    sender: str = Field(default="", alias="from")
    reply_to: str = ""
    subject: Annotated[str, Field(min_length=1, max_length=500)] = SUBJECT
    text: Annotated[str, Field(min_length=1)] = TEXT

    @field_validator("sender", "reply_to")
    @classmethod
    def _address(cls, address: str) -> str:
        if address and not is_address(address):
            raise wrong(
                "", "this is no e-mail address", "write it like Mentoring <mentoring@example.com>"
            )
        return address

    @field_validator("subject", "text")
    @classmethod
    def _template(cls, text: str) -> str:
        from jinja2 import TemplateSyntaxError, meta
        from jinja2.sandbox import SandboxedEnvironment

        try:
            unknown = meta.find_undeclared_variables(SandboxedEnvironment().parse(text))
        except TemplateSyntaxError as error:
            raise wrong(
                "",
                f"this is no template: {error.message} (line {error.lineno})",
                "write a field like {{ name }}, and close what you open",
            ) from None
        for name in sorted(unknown - set(MAIL_FIELDS)):
            near = nearest(name, MAIL_FIELDS)
            cure = f"write {near}" if near else f"choose one of {', '.join(MAIL_FIELDS)}"
            raise wrong("", f"a message has no field {name!r}", cure)
        return text


class Smtp(Section):
    """The server that takes the messages; the password stands in an environment variable."""

    host: str = ""
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Literal["none", "starttls", "tls"] = "starttls"
    user: str = ""
    password_env: str = ""
    timeout: Annotated[int, Field(ge=1, le=600)] = 30
    attempts: Annotated[int, Field(ge=1, le=20)] = 3
    wait: Annotated[float, Field(ge=0, le=600, allow_inf_nan=False)] = 5.0

    @model_validator(mode="after")
    def _safe(self) -> Self:
        if self.password_env and not _NAME.fullmatch(self.password_env):
            raise wrong(
                "password_env",
                "this is no name of an environment variable",
                "write the variable's name, such as SMTP_PASSWORD, and never the password itself",
            )
        if self.user and not self.password_env:
            raise wrong(
                "password_env",
                "there is a user, but no password",
                "write the name of the environment variable that has it, such as SMTP_PASSWORD",
            )
        if self.user and self.security == "none" and self.host not in _LOCAL:
            raise wrong(
                "security",
                "the password would travel unencrypted",
                "write starttls or tls",
            )
        return self


class Launch(Section):
    """Approval, packs and mail."""

    approval: Literal["person", "cycle"] = "person"
    pdf: Literal["auto", "always", "never"] = "auto"
    mail: Mail = Mail()
    smtp: Smtp = Smtp()
