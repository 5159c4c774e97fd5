"""How many votes it takes to know where a deliberation ends, by the order in which statements are shown.

    python benchmarks/routing.py [--quick] [--json FILE]

Four real conversations are played again, 20 times each (--quick: once, without the largest). Their statements are those
that moderation let through; a vote that was really cast stays, every other is drawn from a model of latent classes
fitted to the real votes (two to four classes, as many as predict held-out votes best; who is most likely in a class is
drawn by its rates). So each run has a complete table: everybody's vote on everything. These are the full votes, and
their classes, by the rule of `analysis.consensus` with the latent classes as opinion groups, are what is to be known.
That is the one end that all orders have in common. The classes after the votes really given would be another set for
every order, and reached by each order's own prefix; and classes that were measured on a random order's own votes would
favour that order.

People arrive and each votes on as many statements as they really did, drawn from those they have not answered:

- at random: uniformly;
- by Polis's formula: `analysis.classic.priority`, with the extremity of the opinion space so far;
- routed: as the service does, a fifth uniformly, the rest by `analysis.routing.routing_weights`;
- knowing the end: as routed, but with weight only on statements whose class is not yet that of the full votes. No order
  can know this; it shows how far any order could come.

When all were there they come again and give as many once more, until the set of (statement, class) pairs so far has a
Jaccard index of 0.9 with that of the full votes, which means 95 of 100 classes right. Weights are computed again after
every 1 % of the real number of votes (the service does so within seconds). Groups are held fixed: who is in which is
known from the start, to all orders alike. Arrivals come in two arrangements. In sittings: in a random order, each
giving all their votes in one go, so that the first ones vote before anything is known and the most active ones answer
nearly everything at once. In turns: the same people give the same numbers of votes, but one at a time and mixed, as
where many take part at once. A real deliberation lies between.

The bars: routed needs 30 % fewer votes than at random and no more than by Polis's formula (medians), and one decision
among 1,000 statements takes less than a millisecond.
"""

import json
import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import accumulate
from pathlib import Path
from random import Random

# Before this folder, in which a benchmark is called analysis.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import numpy.typing as npt

from analysis import classic
from analysis.consensus import class_codes, veto_holders
from analysis.moments import Counts
from analysis.parameters import Parameters
from analysis.polis_files import read_export, to_votes
from analysis.routing import Crowd, routing_weights
from analysis.space import OpinionSpace
from deliberation.voting.routing import Deck, draw

CHECKOUT = Path(__file__).resolve().parents[1]
REAL = Path(os.environ.get("DELIBERATION_TEST_DATA") or CHECKOUT.parent / "shared" / "data") / "polis-open-data"
CONVERSATIONS = (
    "brexit-consensus",
    "canadian-electoral-reform",
    "scoop-hivemind.biodiversity",
    "vtaiwan.uberx",
)
ARRANGEMENTS = ("sittings", "turns")
RUNS = 20
FEWER = 0.7  # of the votes that a random order takes
JACCARD = 0.9
TICKS = 100  # computations of weights while the real number of votes is cast
DECISION_BAR = 1000.0  # microseconds
PARAMETERS = Parameters()

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


def main() -> int:
    parser = ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one run each, without the largest conversation")
    parser.add_argument("--runs", type=int, default=RUNS, help=f"runs of each conversation, {RUNS} if not said")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    arguments = parser.parse_args()

    decisions = list(time_decisions())
    present = [name for name in CONVERSATIONS[: 2 if arguments.quick else None] if (REAL / name).is_dir()]
    results = [
        result
        for name in present
        for result in measure(read(REAL / name), name, runs=1 if arguments.quick else arguments.runs)
    ]
    show(decisions, results)
    if not present:
        print(f"no conversations at {REAL}; set DELIBERATION_TEST_DATA")
    missed = [each.name for each in decisions if each.is_missed] + [each.name for each in results if each.is_missed]
    if arguments.json:
        figures = {"decisions": [asdict(each) for each in decisions], "results": [asdict(each) for each in results]}
        arguments.json.write_text(json.dumps(figures | {"missed": missed}, indent=2))
    return 1 if missed else 0


# What one decision costs.


@dataclass(frozen=True)
class Decision:
    """Processor time to draw one statement of 1,000, microseconds; not what other processes take meanwhile."""

    answered: int
    median: float
    slowest_of_a_hundred: float

    @property
    def name(self) -> str:
        return f"a decision with {self.answered} of 1,000 answered"

    @property
    def is_missed(self) -> bool:
        return self.slowest_of_a_hundred >= DECISION_BAR


def time_decisions() -> Iterator[Decision]:
    chance = Random(1)
    weights = {statement: chance.random() ** 4 + 0.0001 for statement in range(1000)}
    deck = Deck(
        deliberation_id=1,
        version=1,
        wording=1,
        slug="",
        title="",
        language="en",
        faces={},
        weights=weights,
        reasons={},
        random_share=PARAMETERS.random_share,
        ids=tuple(weights),
        cumulative=tuple(accumulate(weights.values())),
    )
    for answered in (0, 30, 300, 900, 990):
        gone = frozenset(chance.sample(range(1000), answered))
        taken = []
        for _ in range(2000):
            started = time.thread_time()
            draw(deck, gone, chance)
            taken.append(1e6 * (time.thread_time() - started))
        yield Decision(answered, float(np.median(taken)), float(np.percentile(taken, 99)))


# The conversations, and the votes nobody cast.


@dataclass(frozen=True, eq=False)
class Conversation:
    """Real votes, shape (participants, statements), NaN where there is none, and the latent classes fitted to them.

    rates: how likely each class agrees, disagrees and passes, (classes, statements, 3); groups: each participant's
    most likely class.
    """

    votes: FloatArray
    rates: FloatArray
    groups: IntArray

    @property
    def numbers(self) -> IntArray:
        """How many votes each participant gave."""
        return (~np.isnan(self.votes)).sum(axis=1)


def read(folder: Path) -> Conversation:
    export = read_export(folder)
    votes = to_votes(export)
    declined = {statement.id for statement in export.statements if statement.moderation == -1}
    table = votes.matrix()[:, [each not in declined for each in votes.statements]]
    table = table[~np.isnan(table).all(axis=1)]
    number = min((2, 3, 4), key=lambda classes: held_out_loss(table, classes))
    rates, likely = fit_classes(choices(table), number)
    return Conversation(table, rates, likely.argmax(axis=1))


def choices(table: FloatArray) -> FloatArray:
    """Shape (participants, statements, 3): agree, disagree, pass; all 0 where there is no vote."""
    return np.stack([table == 1, table == -1, table == 0], axis=-1).astype(float)


def held_out_loss(table: FloatArray, number: int) -> float:
    """Mean log loss on a tenth of the votes, by a model fitted to the others."""
    cast = np.argwhere(~np.isnan(table))
    who, what = cast[np.random.default_rng(1).random(len(cast)) < 0.1].T
    all_choices = choices(table)
    training = all_choices.copy()
    training[who, what] = 0
    rates, likely = fit_classes(training, number)
    predicted = np.einsum("vk,kvc->vc", likely[who], rates[:, what])
    return float(-np.log((predicted * all_choices[who, what]).sum(axis=1)).mean())


def fit_classes(cast: FloatArray, number: int, starts: int = 3) -> tuple[FloatArray, FloatArray]:
    """Rates (classes, statements, 3) and how likely each participant is in each class, by EM; the best of the starts.

    Rates lean on everybody's with the weight of five votes. scikit-learn's mixtures know no missing categories.
    """
    fits = [_fit_once(cast, number, np.random.default_rng(seed)) for seed in range(starts)]
    rates, likely, _ = max(fits, key=lambda fit: fit[2])
    return rates, likely


def _fit_once(cast: FloatArray, number: int, random: np.random.Generator) -> tuple[FloatArray, FloatArray, float]:
    people, statements, _ = cast.shape
    everybody = (cast.sum(axis=0) + 1 / 3) / (cast.sum(axis=(0, 2))[:, None] + 1)
    flat, likely, fit = cast.reshape(people, -1), random.dirichlet(np.ones(number), size=people), -np.inf
    while True:
        counted = (likely.T @ flat).reshape(number, statements, 3) + 5 * everybody
        rates = counted / counted.sum(axis=-1, keepdims=True)
        shares = (likely.sum(axis=0) + 1) / (people + number)
        logs = flat @ np.log(rates).reshape(number, -1).T + np.log(shares)
        most = logs.max(axis=1, keepdims=True)
        total = most[:, 0] + np.log(np.exp(logs - most).sum(axis=1))
        likely = np.exp(logs - total[:, None])
        if total.sum() - fit < 1e-6 * abs(total.sum()):
            return rates, likely, float(total.sum())
        fit = float(total.sum())


@dataclass(frozen=True, eq=False)
class Table:
    """A run's complete votes as choices, (participants, statements), 0 agree, 1 disagree, 2 pass; and what they say."""

    said: IntArray
    groups: IntArray
    veto: BoolArray
    classes: IntArray


def complete(conversation: Conversation, run: int) -> Table:
    """Real votes, and drawn ones where there are none."""
    random, groups = np.random.default_rng([run, 1]), conversation.groups
    upper = conversation.rates[groups].cumsum(axis=-1)[..., :2]
    drawn = (random.random(conversation.votes.shape)[..., None] > upper).sum(axis=-1)
    real = choices(conversation.votes)
    said = np.where(real.any(axis=-1), real.argmax(axis=-1), drawn)
    number = len(conversation.rates)
    veto = veto_holders(np.bincount(groups, minlength=number), PARAMETERS)
    counted = np.stack([np.eye(3, dtype=np.int64)[said[groups == group]].sum(axis=0) for group in range(number)])
    return Table(said, groups, veto, classes_of(counted, veto))


def classes_of(counted: IntArray, veto: BoolArray) -> IntArray:
    """counted: shape (groups, statements, 3)."""
    return class_codes(as_counts(counted.sum(axis=0)), as_counts(counted[veto]), PARAMETERS)


def as_counts(counted: IntArray) -> Counts:
    return Counts(counted[..., 0], counted[..., 1], counted[..., 2])


# The orders.


@dataclass(eq=False)
class State:
    """A run under way: which cells were voted on, the votes by group, who has been there, how often it was asked."""

    table: Table
    seen: BoolArray
    counted: IntArray
    arrived: BoolArray
    tick: int = 0
    extremity: FloatArray | float = 0.0


Weigh = Callable[[State], FloatArray | None]


def at_random(_state: State) -> FloatArray | None:
    return None


def by_polis(state: State) -> FloatArray | None:
    if state.tick % 5 == 0 and state.arrived.sum() > 2:
        values = np.array([1.0, -1.0, 0.0])[state.table.said[state.arrived]]
        space = OpinionSpace().fit(np.where(state.seen[state.arrived], values, np.nan))
        state.extremity = classic.extremity(space.mean_, space.components_)
    everybody = as_counts(state.counted.sum(axis=0))
    reach = np.broadcast_to(np.asarray(state.extremity, dtype=float), everybody.votes.shape)
    return classic.priority(everybody.agree, everybody.passed, everybody.votes, reach)


def routed(state: State) -> FloatArray | None:
    sizes = np.bincount(state.table.groups[state.arrived], minlength=len(state.counted))
    crowd = Crowd(sizes, veto_holders(sizes, PARAMETERS), int(sizes.sum()))
    everybody, by_group = as_counts(state.counted.sum(axis=0)), as_counts(state.counted)
    eligible = np.full(len(everybody.votes), True)
    weights = routing_weights(everybody, by_group, crowd, eligible=eligible, parameters=PARAMETERS)
    return np.array([each.weight for each in weights])


def knowing_the_end(state: State) -> FloatArray | None:
    now = classes_of(state.counted, state.table.veto)
    return np.where(now == state.table.classes, 0.01, 1.0)


WAYS: dict[str, tuple[Weigh, float]] = {  # with the uniform share of the draws
    "at random": (at_random, 1.0),
    "by Polis's formula": (by_polis, 0.0),
    "routed": (routed, PARAMETERS.random_share),
    "knowing the end": (knowing_the_end, PARAMETERS.random_share),
}


@dataclass(frozen=True)
class Played:
    """One run: votes until the bar was reached, and the index after the real number of votes, if it came so far."""

    votes: int
    index_at_real: float


def play(table: Table, numbers: IntArray, run: int, way: str, arrangement: str) -> Played:
    """Votes come until the Jaccard index is reached."""
    weigh, random_share = WAYS[way]
    random, real = np.random.default_rng([run, 2]), int(numbers.sum())
    state = State(
        table,
        np.zeros(table.said.shape, dtype=bool),
        np.zeros((len(table.veto), table.said.shape[1], 3), dtype=np.int64),
        np.zeros(len(numbers), dtype=bool),
    )
    cast, at_real = 0, float("nan")
    while True:
        for people in arrivals(numbers, random, arrangement, together=max(real // TICKS, 20)):
            weights = weigh(state)
            state.tick += 1
            cast += vote(state, people, weights, random_share, random)
            index = jaccard(classes_of(state.counted, table.veto), table.classes)
            if np.isnan(at_real) and cast >= real:
                at_real = index
            if index >= JACCARD:
                return Played(cast, at_real)


def arrivals(numbers: IntArray, random: np.random.Generator, arrangement: str, *, together: int) -> Iterator[IntArray]:
    """Who votes next, once for each vote, in portions of so many votes."""
    order = random.permutation(len(numbers))
    queue = np.repeat(order, numbers[order])
    if arrangement == "turns":
        queue = random.permutation(queue)
    for start in range(0, len(queue), together):
        yield queue[start : start + together]


def vote(
    state: State, people: IntArray, weights: FloatArray | None, random_share: float, random: np.random.Generator
) -> int:
    """Let these people vote, and say how many votes that was; somebody who has answered everything gives none."""
    who, wanted = np.unique(people, return_counts=True)
    state.arrived[who] = True
    wanted = np.minimum(wanted, (~state.seen[who]).sum(axis=1))
    rows = np.repeat(who, wanted)
    columns = np.concatenate([*choose(state.seen[who], wanted, weights, random_share, random), rows[:0]])
    state.seen[rows, columns] = True
    np.add.at(state.counted, (state.table.groups[rows], columns, state.table.said[rows, columns]), 1)
    return len(rows)


def choose(
    seen: BoolArray, wanted: IntArray, weights: FloatArray | None, random_share: float, random: np.random.Generator
) -> list[IntArray]:
    """The statements that each draws one after the other, seen: (people, statements).

    All of somebody's uniform draws follow one shuffled order, all weighted draws one order of exponential times divided
    by weights, each passing over what the other took: which has exactly the distribution of drawing one by one.
    """
    shuffled = np.argsort(np.where(seen, np.inf, random.random(seen.shape)), axis=1)
    if weights is None:
        return [order[:number] for order, number in zip(shuffled, wanted.tolist(), strict=True)]
    times = np.where(seen, np.inf, random.exponential(size=seen.shape) / weights)
    chosen = []
    for uniform, weighted, number in zip(shuffled.tolist(), np.argsort(times, axis=1).tolist(), wanted, strict=True):
        coins, orders, taken = random.random(number) < random_share, (iter(weighted), iter(uniform)), {}
        for coin in coins.tolist():
            taken[next(each for each in orders[coin] if each not in taken)] = True
        chosen.append(np.fromiter(taken, dtype=np.int64, count=len(taken)))
    return chosen


def jaccard(classes: IntArray, others: IntArray) -> float:
    """Of two sets of (statement, class) pairs on the same statements."""
    same = int((classes == others).sum())
    return same / (2 * len(classes) - same)


# The table.


@dataclass(frozen=True)
class Result:
    """Medians of the runs: votes to the bar, as a part of those in random order, and the index at the real number."""

    conversation: str
    arrangement: str
    way: str
    votes: float
    of_random: float
    index_at_real: float
    of_polis: float
    seconds: float

    @property
    def name(self) -> str:
        return f"{self.conversation}, in {self.arrangement}, {self.way}"

    @property
    def is_missed(self) -> bool:
        return self.way == "routed" and (self.of_random > FEWER or self.of_polis > 1)


def measure(conversation: Conversation, name: str, runs: int) -> Iterator[Result]:
    tables = [complete(conversation, run) for run in range(runs)]
    for arrangement in ARRANGEMENTS:
        medians: dict[str, tuple[float, float, float]] = {}
        for way in WAYS:
            started = time.perf_counter()
            played = [play(table, conversation.numbers, run, way, arrangement) for run, table in enumerate(tables)]
            at_real = [each.index_at_real for each in played]
            # A run that was through before has reached the bar, wherever it would have gone from there.
            index = float(np.median(np.nan_to_num(at_real, nan=JACCARD)))
            medians[way] = float(np.median([each.votes for each in played])), index, time.perf_counter() - started
        for way, (votes, index, seconds) in medians.items():
            of_random, of_polis = votes / medians["at random"][0], votes / medians["by Polis's formula"][0]
            yield Result(name, arrangement, way, votes, of_random, index, of_polis, seconds)


def show(decisions: list[Decision], results: list[Result]) -> None:
    print(f"{'one decision':<44}{'median us':>11}{'99 of 100':>11}{'below':>8}")
    for each in decisions:
        mark = "  missed" if each.is_missed else ""
        print(f"{each.name:<44}{each.median:>11.1f}{each.slowest_of_a_hundred:>11.1f}{DECISION_BAR:>8.0f}{mark}")
    print(
        f"\n{'votes to a Jaccard index of 0.9':<64}{'votes':>9}{'of random':>11}{'at most':>9}{'of Polis':>10}", end=""
    )
    print(f"{'index after the real number':>29}")
    for each in results:
        bar, mark = (f"{FEWER:.2f}" if each.way == "routed" else ""), "  missed" if each.is_missed else ""
        print(f"{each.name:<64}{each.votes:>9,.0f}{each.of_random:>11.2f}{bar:>9}{each.of_polis:>10.2f}", end="")
        print(f"{each.index_at_real:>29.2f}{mark}")


if __name__ == "__main__":
    sys.exit(main())
