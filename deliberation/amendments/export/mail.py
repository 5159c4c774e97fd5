"""Commits as mails that `git am` takes, in the form of git's own: a file each, and all of them as an mbox."""

import binascii
import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime

AUTHOR = "Collective Alignment <collective-alignment@localhost.invalid>"

# No mail says which commit it was, since it has not been one yet. The date is git's own fixed one.
_SEPARATOR = f"From {'0' * 40} Mon Sep 17 00:00:00 2001\n"
_LONGEST_SUBJECT = 100
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True)
class Commit:
    """One commit of a series. What participants wrote is indented in the body, see `quoted`."""

    subject: str
    body: str
    trailers: tuple[tuple[str, str], ...]
    at: datetime
    patch: str


def quoted(text: str) -> str:
    """Somebody's text for a commit's body: indented, so that no line of it is taken for mail, diff or trailer."""
    lines = [_CONTROLS.sub(" ", line).strip() for line in text.splitlines()]
    return "\n".join(f"    {line}" if line else "" for line in lines)


def subject_line(text: str) -> str:
    """One line, cut between words where it is long."""
    line = " ".join(_CONTROLS.sub(" ", text).split()).replace("=?", "= ?")  # "=?" begins an encoded word
    if len(line) <= _LONGEST_SUBJECT:
        return line
    cut = line[: _LONGEST_SUBJECT - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[_LONGEST_SUBJECT // 2 :] else cut) + "…"


def patch_file(commit: Commit) -> bytes:
    """A commit as a file for `git am` and `git apply`: the patch stands in it as it is."""
    return (_head(commit, "8bit") + _body(commit)).encode()


def mbox(commits: list[Commit]) -> bytes:
    """All commits, each applying on the one before."""
    return b"".join(_mail(commit) for commit in commits)


def _mail(commit: Commit) -> bytes:
    # A mail's lines end with CR LF, so `git am` removes a CR that belongs to the text unless it is encoded.
    if "\r" not in commit.patch:
        return patch_file(commit)
    lines = (binascii.b2a_qp(line.encode(), istext=False) for line in _body(commit).split("\n"))
    body = b"\n".join(lines).replace(b"\nFrom ", b"\n=46rom ")
    return _head(commit, "quoted-printable").encode() + body


def _head(commit: Commit, encoding: str) -> str:
    fields = {
        "From": AUTHOR,
        "Date": format_datetime(commit.at),
        "Subject": _header(commit.subject),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": encoding,
    }
    return _SEPARATOR + "".join(f"{name}: {value}\n" for name, value in fields.items()) + "\n"


def _header(subject: str) -> str:
    # Only what is not ASCII is encoded, so that "[draft]" can be read in the file.
    first = next((at for at, character in enumerate(subject) if not character.isascii()), len(subject))
    plain = subject[:first].rpartition(" ")[0] if first < len(subject) else subject
    header = Header(plain, "us-ascii", header_name="Subject")
    if rest := subject[len(plain) :].lstrip(" "):
        header.append(rest, "utf-8")
    return header.encode()


def _body(commit: Commit) -> str:
    trailers = "".join(f"{name}: {value}\n" for name, value in commit.trailers)
    message = commit.body.strip("\n")  # not the spaces: they keep somebody's first line from being taken for a header
    return f"{_kept_subject(commit.subject)}{message}\n\n{trailers}---\n\n{commit.patch}\n"


def _kept_subject(subject: str) -> str:
    """`git am` takes "[...]" and "Re:" from the front of a subject. A second subject in the body stands in for the
    first, and an encoded line break before it keeps git from looking; git removes the break afterwards."""
    if not re.match(r"\[|re:", subject, re.IGNORECASE):
        return ""
    return f"Subject: =?UTF-8?q?=0A?={subject}\n\n"
