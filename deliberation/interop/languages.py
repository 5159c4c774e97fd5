"""The language of a text, as far as its script tells it: enough to choose typefaces and a screen reader's voice."""

import re

_IDEOGRAPHIC = {"zh", "ja", "ko"}

_LETTERS = re.compile(r"[^\W\d_]")
_KANA = re.compile("[\u3041-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7af]")
_HAN = re.compile("[\u3400-\u9fff]")


def own_language(text: str, language: str) -> str | None:
    """The language of one text among many in `language`; none where its script does not speak against that one."""
    base = language.partition("-")[0]
    found = language_of(text, otherwise="en" if base in _IDEOGRAPHIC else base)
    return found if found != base and _LETTERS.search(text) else None


def language_of(text: str, otherwise: str = "en") -> str:
    """zh, ja or ko where at least a third of the letters are of that script, else `otherwise`."""
    letters = len(_LETTERS.findall(text))
    kana, hangul, han = (len(script.findall(text)) for script in (_KANA, _HANGUL, _HAN))
    if not letters or 3 * max(kana + han, hangul) < letters:
        return otherwise
    if hangul > kana + han:
        return "ko"
    # Japanese mixes both scripts; Chinese has no kana, but for a name or a quotation.
    return "ja" if 10 * kana > han else "zh"
