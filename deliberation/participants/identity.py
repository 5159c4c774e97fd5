"""Who is voting, without asking: a random token in a signed cookie, read without the database.

A device's token is never stored. What is stored is its hash together with the deliberation, so that the rows of one
person in two deliberations cannot be joined, and a copy of the database gives nobody's cookie away.
"""

import hashlib
import secrets
from dataclasses import dataclass

from flask import Response, current_app, request
from itsdangerous import BadSignature, Signer

_COOKIE = "device"
_DAYS = 400  # browsers keep no cookie longer
_KEY_LETTERS = "bcdfghjkmnpqrstvwxz"  # no vowels, so that no words come out; no digits, so that no sheet reads a number
_KEY_LENGTH = 12


@dataclass(frozen=True)
class Device:
    """A browser that takes part."""

    token: str
    is_new: bool

    def hash_in(self, deliberation_id: int) -> str:
        """What is stored of this device in one deliberation."""
        return hashlib.sha256(f"{self.token}:{deliberation_id}".encode()).hexdigest()


def current_device() -> Device:
    """The device that sent this request; a new one where its cookie is missing or was not signed by us."""
    try:
        token = _signer().unsign(request.cookies.get(_COOKIE, "")).decode()
    except BadSignature:
        return Device(secrets.token_urlsafe(24), is_new=True)
    return Device(token, is_new=False)


def remember(device: Device, response: Response) -> None:
    """Let the browser come back as the same device. Each visit renews the cookie."""
    response.set_cookie(
        _COOKIE,
        _signer().sign(device.token).decode(),
        max_age=_DAYS * 24 * 3600,
        secure=current_app.extensions["settings"].secure_cookies or request.is_secure,
        httponly=True,
        samesite="Lax",
    )
    # The page and the cookie belong together: no cache may hand them to somebody else.
    response.vary.add("Cookie")


def forget(response: Response) -> None:
    """Let the browser forget the device, with all pages it kept of it.

    `Clear-Site-Data` leaves cookies alone: it would take those of neighbouring sites of the same domain too.
    """
    response.delete_cookie(
        _COOKIE,
        secure=current_app.extensions["settings"].secure_cookies or request.is_secure,
        httponly=True,
        samesite="Lax",
    )
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    response.vary.add("Cookie")


def make_key() -> str:
    """A fresh public id of a participant. It says nothing of the device, nor of how many came before."""
    return "".join(secrets.choice(_KEY_LETTERS) for _ in range(_KEY_LENGTH))


def _signer() -> Signer:
    return Signer(current_app.secret_key or "", salt="device", digest_method=hashlib.sha256)
