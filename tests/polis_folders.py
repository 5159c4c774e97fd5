"""Polis exports written for a test: small, with the rows that a test is about."""

from pathlib import Path

COMMENTS = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body"
VOTES = "timestamp,datetime,comment-id,voter-id,vote"


def a_folder(folder: Path, **files: str) -> Path:
    """A folder of CSV files; `participants_votes` becomes participants-votes.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name.replace('_', '-')}.csv").write_text(text, encoding="utf-8", newline="")
    return folder


def comments(*rows: str) -> str:
    """Rows behind the header; without rows three plain statements, the third one declined."""
    return "\n".join((COMMENTS, *(rows or [a_comment("1"), a_comment("2"), a_comment("3", moderated=-1)]))) + "\n"


def a_comment(key: str, moderated: int = 1, text: str = "A rule.") -> str:
    return f"1500000000000,Fri Jul 14,{key},7,0,0,{moderated},{text}"


def votes(*rows: tuple[int, str, str, object]) -> str:
    """Rows of milliseconds after a first moment, statement, participant, vote."""
    lines = [f"{1_500_000_000_000 + after},Fri Jul 14,{what},{who},{vote}" for after, what, who, vote in rows]
    return "\n".join((VOTES, *lines)) + "\n"
