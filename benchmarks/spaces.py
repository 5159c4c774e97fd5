"""Which opinion space predicts unseen votes best, and whose groups are the most stable.

    python benchmarks/spaces.py [--quick] [--json FILE]

On each real conversation that is found: the mean log loss (natural) of held-out votes (a tenth of each participant's)
as agree, pass or disagree, by one and the same read-out of each space, beside each statement's base rate; and how alike
groups of resamples are (adjusted Rand index of k-means with 2, 3 and 4 groups), on two halves of each participant's
votes and on two samples of 70 % of the participants. --quick: one made-up conversation and one split. The default
method must predict as well as each other one in the mean, to a thousandth; where not, that is marked as missed.
"""

import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

# Before this folder, in which a benchmark is called analysis.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from analysis.logistic_space import LogisticSpace
from analysis.polis_files import read_export, to_votes
from analysis.simulation import planted_groups
from analysis.space import OpinionSpace
from analysis.votes import FloatArray, IntArray, Votes

CHECKOUT = Path(__file__).resolve().parents[1]
REAL = Path(os.environ.get("DELIBERATION_TEST_DATA") or CHECKOUT.parent / "shared" / "data")
SPLITS = 5
RIDGES = (1.0, 4.0, 16.0, 64.0)
GROUPS = (2, 3, 4)
DEFAULT = "logistic"
TOLERANCE = 0.001


def main() -> int:
    parser = ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one made-up conversation and one split")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    arguments = parser.parse_args()

    tables = [("made up", _made_up())] if arguments.quick else list(_real())
    if not tables:
        print(f"no real conversations in {REAL}; set DELIBERATION_TEST_DATA")
        return 1
    with threadpool_limits(limits=1):
        results = [_measured(name, table, 1 if arguments.quick else SPLITS) for name, table in tables]
    _print(results)
    means = {method: float(np.mean([each.log_loss[method] for each in results])) for method in METHODS}
    missed = [f"{method} predicts better" for method, loss in means.items() if loss < means[DEFAULT] - TOLERANCE]
    for each in missed:
        print(f"missed: {each} than {DEFAULT}")
    if arguments.json:
        figures = {"results": [asdict(each) for each in results], "missed": missed}
        arguments.json.write_text(json.dumps(figures, indent=2))
    return 1 if missed else 0


@dataclass(frozen=True)
class Measured:
    """Of one conversation: log loss of the base rates, and each method's log loss and stabilities."""

    name: str
    participants: int
    statements: int
    base: float
    log_loss: dict[str, float]
    votes_halved: dict[str, float]
    people_resampled: dict[str, float]


def _print(results: list[Measured]) -> None:
    blocks: tuple[tuple[str, Callable[[Measured], dict[str, float]], str], ...] = (
        ("log loss below the base rate's", lambda each: {m: each.base - v for m, v in each.log_loss.items()}, ".4f"),
        ("agreement of groups: votes halved", lambda each: each.votes_halved, ".2f"),
        ("agreement of groups: 70 % of people", lambda each: each.people_resampled, ".2f"),
    )
    for title, figures, digits in blocks:
        print(f"\n{title:<41}{'base':>8}" + "".join(f"{method:>12}" for method in METHODS))
        for each in results:
            shape = f"{each.participants} x {each.statements}"
            row = "".join(f"{figures(each)[method]:>12{digits}}" for method in METHODS)
            print(f"{each.name:<31}{shape:>10}{each.base:>8.3f}{row}")
        means = {method: np.mean([figures(each)[method] for each in results]) for method in METHODS}
        print(f"{'mean':<49}" + "".join(f"{means[method]:>12{digits}}" for method in METHODS))


# Conversations


def _real() -> Iterator[tuple[str, FloatArray]]:
    for path in sorted(REAL.glob("polis-open-data/*/votes.csv")):
        export = read_export(path.parent)
        out = {each.id for each in export.statements if each.moderation < 0 or each.is_meta}
        yield path.parent.name, _table(to_votes(export), out)
    for path in sorted(REAL.glob("polis-math/*/votes.json")):
        rows = json.loads(path.read_text())
        who = [row.get("participant_id", row.get("pid")) for row in rows]
        what = [row.get("statement_id", row.get("tid")) for row in rows]
        times = [float(row["modified"]) for row in rows]
        votes = Votes.from_arrays(who, what, [row["vote"] for row in rows], times=times)
        removed = json.loads((path.parent / "math-pca2.json").read_text())["mod-out"]
        yield path.parent.name, _table(votes, {str(each) for each in removed})


def _table(votes: Votes, removed: set[str]) -> FloatArray:
    """The votes, shape (participants, statements), without removed statements and who voted on nothing else."""
    table = votes.matrix()[:, [each not in removed for each in votes.statements]]
    return table[~np.isnan(table).all(axis=1)]


def _made_up() -> FloatArray:
    random = np.random.default_rng(1)
    return planted_groups(random, participants=150, statements=40, shares=(0.6, 0.4), presence=0.4).votes.matrix()


# Candidates: from votes, shape (participants, statements), NaN where there is none, to positions, (participants, 2)


def _classic(table: FloatArray) -> FloatArray:
    positions: FloatArray = OpinionSpace().fit_transform(table)
    return positions


def _logistic(table: FloatArray) -> FloatArray:
    positions: FloatArray = LogisticSpace().fit_transform(table)
    return positions


def _without_passes(table: FloatArray) -> FloatArray:
    return _logistic(np.where(table == 0, np.nan, table))


def _probabilistic_pca(table: FloatArray, steps: int = 50) -> FloatArray:
    """Probabilistic principal components with missing values, by expectation and maximisation.

    Source: Tipping and Bishop 1999, "Probabilistic principal component analysis", JRSS B 61; Ilin and Raiko 2010,
    "Practical approaches to principal component analysis in the presence of missing values", JMLR 11.
    """
    cast = (~np.isnan(table)).astype(float)
    said, noise = np.nan_to_num(table), 0.5
    means = _classic(table)
    means = means / np.maximum(means.std(axis=0), 1e-9)
    covariances = np.zeros((len(table), 2, 2))
    for _ in range(steps):
        known = np.column_stack([np.ones(len(means)), means])
        second = known[:, :, None] * known[:, None, :]
        second[:, 1:, 1:] += covariances
        normal = np.einsum("pn,pij->nij", cast, second, optimize=True) + noise * np.diag([1e-3, 1, 1])
        fit = np.linalg.solve(normal, ((cast * said).T @ known)[..., None])[..., 0]
        centre, loadings = fit[:, 0], fit[:, 1:]
        products = loadings[:, :, None] * loadings[:, None, :]
        uncertain = np.einsum("pij,nij->pn", covariances, products, optimize=True)
        noise = float((cast * ((said - known @ fit.T) ** 2 + uncertain)).sum() / cast.sum())
        precisions = np.einsum("pn,nij->pij", cast, products, optimize=True) / noise + np.eye(2)
        covariances = np.linalg.inv(precisions)
        means = np.einsum("pij,pj->pi", covariances, (cast * (said - centre)) @ loadings / noise)
        whiten = np.linalg.inv(np.linalg.cholesky((means.T @ means + covariances.sum(axis=0)) / len(means)))
        means, covariances = means @ whiten.T, whiten @ covariances @ whiten.T
    _, axes = np.linalg.eigh(loadings.T @ loadings)
    return means @ axes * np.linalg.norm(loadings @ axes, axis=0)


METHODS: dict[str, Callable[[FloatArray], FloatArray]] = {
    "classic": _classic,
    "prob. PCA": _probabilistic_pca,
    "logistic": _logistic,
    "no passes": _without_passes,
}


# Measures


def _measured(name: str, table: FloatArray, splits: int) -> Measured:
    base = float(np.mean([_base(table, seed) for seed in range(splits)]))

    def of_each(measure: Callable[[Callable[[FloatArray], FloatArray], FloatArray, int], float]) -> dict[str, float]:
        return {
            method: float(np.mean([measure(place, table, seed) for seed in range(splits)]))
            for method, place in METHODS.items()
        }

    return Measured(name, *table.shape, base, of_each(_log_loss), of_each(_halved), of_each(_resampled))


def _base(table: FloatArray, seed: int) -> float:
    held = _held(np.random.default_rng(seed), table)
    nowhere = np.zeros((len(table), 0))
    return _loss(_read_out(nowhere, np.where(held, np.nan, table), 1.0), nowhere, table, held)


def _log_loss(place: Callable[[FloatArray], FloatArray], table: FloatArray, seed: int) -> float:
    """Mean log loss of held-out votes; the read-out's ridge is chosen for each method on votes held out before."""
    rng = np.random.default_rng(seed)
    held = _held(rng, table)
    train = np.where(held, np.nan, table)
    checked = _held(rng, train)
    inner = np.where(checked, np.nan, train)
    at = _scaled(place(inner))
    ridge = min(RIDGES, key=lambda each: _loss(_read_out(at, inner, each), at, table, checked))
    at = _scaled(place(train))
    return _loss(_read_out(at, train, ridge), at, table, held)


def _held(rng: np.random.Generator, table: FloatArray) -> np.ndarray:
    """A tenth of each participant's votes, rounded up or down by chance, of those with two votes at least."""
    cast = ~np.isnan(table)
    rank = np.where(cast, rng.random(table.shape), 2).argsort(axis=1).argsort(axis=1)
    number = np.floor(0.1 * cast.sum(axis=1) + rng.random(len(table)))
    return cast & (rank < number[:, None]) & (cast.sum(axis=1) >= 2)[:, None]


def _scaled(positions: FloatArray) -> FloatArray:
    return positions / max(positions.std(), 1e-9)


def _read_out(positions: FloatArray, table: FloatArray, ridge: float, steps: int = 12) -> FloatArray:
    """For each statement a multinomial logistic regression of its votes on the positions, by Newton's method.

    Returns the coefficients of agreeing and disagreeing against passing, shape (statements, 2, 1 + dimensions). Slopes
    are held near 0, intercepts weakly near those of all votes.
    """
    known = np.column_stack([np.ones(len(positions)), positions])
    width = known.shape[1]
    cast, agreed, disagreed = ((each).astype(float) for each in (~np.isnan(table), table == 1, table == -1))
    shares = np.array([agreed.sum(), disagreed.sum()]) / cast.sum()
    prior = np.zeros((2, width))
    prior[:, 0] = np.log(shares / max(1 - shares.sum(), 1e-6))
    held_near = np.array([0.5, *[ridge] * (width - 1)])
    fit = np.tile(prior, (table.shape[1], 1, 1))
    products = known[:, :, None] * known[:, None, :]
    for _ in range(steps):
        agree, disagree = np.moveaxis(_chances(np.einsum("pk,nck->npc", known, fit)), 2, 0)[:2].swapaxes(1, 2)
        slope = np.stack([(cast * agree - agreed).T @ known, (cast * disagree - disagreed).T @ known], axis=1)
        slope += held_near * (fit - prior)
        curvature = np.empty((table.shape[1], 2, width, 2, width))
        for a, b, weight in (
            (0, 0, agree * (1 - agree)),
            (0, 1, -agree * disagree),
            (1, 0, -agree * disagree),
            (1, 1, disagree * (1 - disagree)),
        ):
            curvature[:, a, :, b, :] = np.einsum("pn,pij->nij", cast * weight, products, optimize=True)
        square = curvature.reshape(-1, 2 * width, 2 * width) + np.diag(np.tile(held_near, 2))
        step = np.linalg.solve(square, slope.reshape(-1, 2 * width, 1)).reshape(fit.shape)
        fit = fit - np.clip(step, -2, 2)
    return fit


def _chances(log_odds: FloatArray) -> FloatArray:
    """Of agreeing, disagreeing and passing, shape (..., 3), from the log-odds of the first two against passing."""
    odds = np.exp(np.clip(log_odds, -12, 12))
    whole = 1 + odds.sum(axis=-1, keepdims=True)
    return np.concatenate([odds, np.ones_like(whole)], axis=-1) / whole


def _loss(fit: FloatArray, positions: FloatArray, table: FloatArray, held: np.ndarray) -> float:
    rows, columns = np.nonzero(held)
    known = np.column_stack([np.ones(len(positions)), positions])
    chances = _chances(np.einsum("vk,vck->vc", known[rows], fit[columns]))
    said = np.select([table[held] == 1, table[held] == -1], [0, 1], 2)
    return float(-np.log(chances[np.arange(len(said)), said]).mean())


def _halved(place: Callable[[FloatArray], FloatArray], table: FloatArray, seed: int) -> float:
    """Of participants with four votes at least in either half."""
    first = np.random.default_rng(100 + seed).random(table.shape) < 0.5
    halves = [np.where(half, table, np.nan) for half in (first, ~first)]
    enough = np.logical_and(*((~np.isnan(half)).sum(axis=1) >= 4 for half in halves))
    one, other = (place(half[enough]) for half in halves)
    return float(np.mean([adjusted_rand_score(_grouped(one, k), _grouped(other, k)) for k in GROUPS]))


def _resampled(place: Callable[[FloatArray], FloatArray], table: FloatArray, seed: int) -> float:
    """Of participants with seven votes at least who are in both samples."""
    rng = np.random.default_rng(200 + seed)
    table = table[(~np.isnan(table)).sum(axis=1) >= 7]
    samples = [rng.random(len(table)) < 0.7 for _ in range(2)]
    both = np.logical_and(*samples)
    one, other = (place(table[sample])[both[sample]] for sample in samples)
    return float(np.mean([adjusted_rand_score(_grouped(one, k), _grouped(other, k)) for k in GROUPS]))


def _grouped(positions: FloatArray, number: int) -> IntArray:
    labels: IntArray = KMeans(number, n_init=5, random_state=0).fit(positions).labels_
    return labels


if __name__ == "__main__":
    sys.exit(main())
