"""Names that go into addresses and markup: slugs of deliberations, codes of languages."""

import re
import unicodedata

from deliberation.errors import DeliberationError

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_MOST_LANGUAGE = 16
_MOST = 80
_WANTED = 60  # where we choose it ourselves
_LEAST = 3  # what is left of a title in another script may be a mere "2"


def checked_slug(slug: str) -> str:
    """The name, if it can be part of an address. Raises DeliberationError."""
    if len(slug) > _MOST or not _SLUG.fullmatch(slug):
        raise DeliberationError(
            f"'{slug}' cannot be a name in addresses",
            hint=f"small letters a to z, digits, single hyphens; up to {_MOST}",
        )
    return slug


def checked_language(code: str) -> str:
    """The code, if it has the form of one (BCP 47). Raises DeliberationError."""
    if len(code) > _MOST_LANGUAGE or not _LANGUAGE.fullmatch(code):
        raise DeliberationError(f"'{code}' is no code of a language", hint="such as en, fr or zh-Hans")
    return code


def slug_from(*names: str) -> str:
    """A name in addresses from the first of these that gives one. Raises DeliberationError where none does."""
    for name in names:
        # Accents go, apostrophes close up, everything else that is no letter or digit of ASCII parts words.
        plain = unicodedata.normalize("NFKD", re.sub("['’]", "", name)).encode("ascii", "ignore").decode().lower()
        slug = _shortened("-".join(re.findall("[a-z0-9]+", plain)))
        if len(slug) >= _LEAST:
            return slug
    raise DeliberationError(f"no name in addresses can be made from '{names[0]}'", hint="name one with --slug or slug:")


def _shortened(slug: str) -> str:
    return slug if len(slug) <= _WANTED else slug[: _WANTED + 1].rpartition("-")[0] or slug[:_WANTED]
