"""The analysis of a Polis export, or of votes in Parquet files, without a database."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from analysis.csv_rows import FileRefused
from analysis.explain import explain
from analysis.margins import MarginsError, read_population
from analysis.pipeline import METHODS, analyse
from analysis.polis_files import PolisExport, read_export, to_votes
from analysis.records import Beside
from analysis.result import Analysis


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = _options(arguments)
    try:
        _answer(_result(options), options)
    except (FileRefused, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.json is None and options.explain is None:
        parser.error("where to? name a file with --json, or a statement with --explain")
    if options.json == "-" and options.explain is not None:
        parser.error("--json - and --explain would both write to standard output; name a file for one of them")
    if (options.margins is None) != (options.answers is None):
        parser.error("--margins and --answers belong together: shares of the population, and who said what")
    return options


def _result(options: argparse.Namespace) -> Analysis:
    population = read_population(options.margins, options.answers) if options.margins else None
    known = Beside(answers=population.answers, margins=population.margins) if population else None
    try:
        return _analysed(options, known)
    except MarginsError as error:
        raise FileRefused(str(error), options.margins) from error


def _analysed(options: argparse.Namespace, known: Beside | None) -> Analysis:
    if options.parquet:
        return _analyse_parquet(options, known)
    if options.dask:
        raise ValueError("--dask is for votes in Parquet files; name their folder with --parquet")
    export = read_export(options.folder)
    _report(export)
    return _analyse(export, options.method, known, groups_are_given=options.groups == "given")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m analysis", description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("folder", metavar="DIR", type=Path, nargs="?", help="folder of a Polis export")
    source.add_argument(
        "--parquet", metavar="DIR", type=Path, help="folder of Parquet files: participant, statement, value, maybe time"
    )
    parser.add_argument(
        "--dask", metavar="ADDRESS", help="with --parquet: the Dask scheduler whose workers do it, tcp://HOST:8786"
    )
    parser.add_argument("--method", choices=METHODS, help=f"how groups are found; default: {METHODS[0]}")
    parser.add_argument("--groups", choices=["given"], help="take the groups from the export's group-id column")
    parser.add_argument(
        "--explain", metavar="STATEMENT", help="print how this statement came by its class, number by number"
    )
    parser.add_argument(
        "--margins", metavar="FILE", type=Path, help="CSV question,answer,share: also show shares weighted to them"
    )
    parser.add_argument("--answers", metavar="FILE", type=Path, help="with --margins: CSV participant,question,answer")
    parser.add_argument("--json", metavar="FILE", help="where to write the result; - for standard output")
    return parser


def _report(export: PolisExport) -> None:
    for finding in (*export.skipped, *export.differences):
        print(finding, file=sys.stderr)


def _analyse(export: PolisExport, method: str | None, known: Beside | None, *, groups_are_given: bool) -> Analysis:
    if groups_are_given and not export.groups:
        raise ValueError(f"{export.folder}: no participant has a group-id; leave --groups out to have groups found")
    return analyse(
        to_votes(export),
        method=method,
        texts={each.id: each.text for each in export.statements},
        moderated_out=[each.id for each in export.statements if each.moderation < 0],
        meta=[each.id for each in export.statements if each.is_meta],
        groups=export.groups if groups_are_given else None,
        beside=known,
    )


def _analyse_parquet(options: argparse.Namespace, known: Beside | None) -> Analysis:
    from analysis import parquet

    if options.groups:
        raise ValueError("Parquet files hold no groups; leave --groups out")
    if not options.dask:
        return analyse(parquet.read_votes(options.parquet), method=options.method, beside=known)
    from dask.distributed import Client

    from analysis import distributed

    with Client(options.dask) as client:  # type: ignore[no-untyped-call]  # dask has no types here
        return analyse(distributed.read_votes(client, options.parquet), method=options.method, beside=known)


def _answer(result: Analysis, options: argparse.Namespace) -> None:
    told = _explained(result, options.explain) if options.explain is not None else None
    if options.json == "-":
        sys.stdout.buffer.write(result.to_json())
    elif options.json is not None:
        Path(options.json).write_bytes(result.to_json())
    if told is not None:
        print(told)


def _explained(result: Analysis, statement: str) -> str:
    try:
        return explain(result, statement)
    except KeyError:
        raise ValueError(f"the result lists no statement '{statement}'") from None


if __name__ == "__main__":
    sys.exit(main())
