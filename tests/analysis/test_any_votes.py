"""Whatever the votes and what is known beside them: a whole result that is written and read alike, or a clear error.

No votes, one participant, all passes, columns on which nobody differs, one statement, votes cast twice, ids that are
not numbers, nobody in a group, a few participants who do nearly all the voting: all of these are drawn here.
"""

import json
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis import Votes, analyse
from analysis.explain import explain
from analysis.margins import MarginsError
from analysis.parameters import ParameterError, Parameters
from analysis.pipeline import METHODS
from analysis.records import Beside, Records
from analysis.result import Analysis
from analysis.votes import VotesError

KEYS = {
    *("schema", "method", "parameters", "digest", "participants", "structure", "groups", "assignments", "positions"),
    *("stability", "statements"),
}
CLASSES = {"consensus_agree", "consensus_disagree", "contested", "uncertain", "too_few"}
COUNTS = ("agree", "disagree", "pass")
# Ids as sources write them, or might.
PEOPLE = ["0", "10", "9", "-1", "007", "ü", "一", "a b", '"', "\n", "💬", "None", "nan", "x" * 80]
STATEMENTS = ["0", "1", "2", "10", "s", "第一", "null", "", "é", "e\u0301", "A", "1.0"]
WORDINGS = ["The assistant should say so.", "The assistant should say so!", "別說", "", "Ask first."]


@dataclass(frozen=True)
class Cast:
    """Votes as they came in, some of them twice."""

    who: list[str]
    what: list[str]
    said: list[int]

    @property
    def votes(self):
        return Votes.from_arrays(self.who, self.what, self.said)

    @property
    def standing(self):
        """Of several votes by one participant on one statement the last."""
        return {(who, what): said for who, what, said in zip(self.who, self.what, self.said, strict=True)}


ids_of_statements = st.sampled_from([each for each in STATEMENTS if each])


@st.composite
def few_votes(draw):
    """A handful of votes by anybody on anything."""
    cast = draw(
        st.lists(st.tuples(st.sampled_from(PEOPLE), ids_of_statements, st.sampled_from([-1, 0, 1])), max_size=40)
    )
    return Cast([who for who, _, _ in cast], [what for _, what, _ in cast], [said for _, _, said in cast])


@st.composite
def many_votes(draw):
    """Votes enough for groups: camps or none, columns and people who always say the same, uneven activity."""
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    people, statements = draw(st.integers(1, 50)), draw(st.integers(1, 14))
    camps = rng.integers(draw(st.integers(1, 3)), size=people)
    leans = rng.choice([-1, 0, 1], size=(3, statements))
    said = leans[camps]
    luck = rng.random(said.shape) < draw(st.sampled_from([0.0, 0.2, 1.0]))
    said = np.where(luck, rng.choice([-1, 0, 1], size=said.shape), said)
    constant = rng.random(statements) < draw(st.sampled_from([0.0, 0.5, 1.0]))
    said[:, constant] = draw(st.sampled_from([-1, 0, 1]))
    activity = rng.random((people, 1)) ** draw(st.sampled_from([0, 1, 8]))
    rows, columns = np.nonzero(rng.random(said.shape) < activity * draw(st.sampled_from([0.3, 1.0])))
    twice = rng.integers(len(rows), size=draw(st.integers(0, 5))) if len(rows) else np.zeros(0, dtype=int)
    rows, columns = np.append(rows, rows[twice]), np.append(columns, columns[twice])
    values = said[rows, columns]
    values[len(values) - len(twice) :] = 0
    who = [PEOPLE[each % len(PEOPLE)] + "'" * (each // len(PEOPLE)) for each in rows.tolist()]
    return Cast(who, [str(each) for each in columns.tolist()], values.tolist())


any_votes = st.one_of(few_votes(), many_votes())


def analysed(cast, method, **options):
    """The result, as JSON, after it was read back byte for byte and looked through."""
    result = analyse(cast.votes, method=method, **options)
    written = result.to_json()
    read = Analysis.from_json(written)
    assert read.to_json() == written
    assert all(explain(read, each.id).startswith(f"Statement {each.id}") for each in read.statements)
    plain = json.loads(written)
    look_through(plain, cast)
    return plain


def or_refused(made):
    """What is made, or what is said of why it cannot be: only by the errors that say so."""
    try:
        return made(), None
    except (VotesError, MarginsError) as error:
        return None, str(error)


def look_through(plain, cast):
    """What the interface promises of every result."""
    assert plain.keys() >= KEYS
    people = {who for who, _ in cast.standing}
    groups = {group["id"]: group for group in plain["groups"]}
    assert plain["assignments"].keys() == plain["positions"].keys() == people
    assert plain["participants"]["total"] == len(people)
    grouped = [who for who, letter in plain["assignments"].items() if letter is not None]
    assert plain["participants"]["grouped"] == len(grouped) == sum(group["size"] for group in groups.values())
    assert set(plain["assignments"].values()) - {None} == groups.keys()
    assert plain["stability"].keys() <= set(grouped)
    assert all(len(place) == 2 for place in plain["positions"].values())
    look_through_structure(plain, groups)
    for statement in plain["statements"]:
        look_through_statement(statement, plain, cast)
    assert all(is_within(figure, interval) for figure, interval in figures(plain))


def look_through_structure(plain, groups):
    verdict = plain["structure"]["verdict"]
    assert verdict in (("untested",) if plain["method"] == "classic" else ("none", "gradual", "groups", "untested"))
    assert all(group["cut"] is (verdict == "gradual") for group in groups.values())
    assert ("axis" in plain["structure"]) == (verdict == "gradual")
    if verdict == "none":
        assert not groups
        assert not plain["stability"]
        assert all(statement["by_group"] == {} for statement in plain["statements"])
    if verdict in ("gradual", "groups"):
        assert 2 <= len(groups) <= 8
    if verdict == "gradual":
        assert {"low", "high", "positions"} <= plain["structure"]["axis"].keys()


def look_through_statement(statement, plain, cast):
    own = [said for (_, what), said in cast.standing.items() if what == statement["id"]]
    assert (statement["votes"], *(statement[each] for each in COUNTS)) == (
        len(own),
        own.count(1),
        own.count(-1),
        own.count(0),
    )
    assert statement["class"] in CLASSES
    assert statement["by_group"].keys() == {group["id"] for group in plain["groups"]}
    for letter, tally in statement["by_group"].items():
        inside = [
            said
            for (who, what), said in cast.standing.items()
            if what == statement["id"] and plain["assignments"][who] == letter
        ]
        assert [tally[each] for each in COUNTS] == [inside.count(1), inside.count(-1), inside.count(0)]
    needed = ("agree_share", "disagree_share", "pass_share", "consensus_agree", "consensus_disagree")
    assert all(each in statement and f"{each}_interval" in statement for each in needed)
    if not any(group["holds_veto"] for group in plain["groups"]):
        assert statement["consensus_agree"] is None


def figures(value):
    """Every (figure, interval) anywhere in a JSON value."""
    if isinstance(value, dict):
        yield from ((value[key.removesuffix("_interval")], value[key]) for key in value if key.endswith("_interval"))
        for each in value.values():
            yield from figures(each)
    elif isinstance(value, list):
        for each in value:
            yield from figures(each)


def is_within(figure, interval):
    if figure is None:
        return interval == [None, None] or interval[0] <= interval[1]
    return interval[0] <= figure <= interval[1]


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=40, deadline=None)
@given(cast=any_votes)
@example(cast=Cast([], [], []))
@example(cast=Cast(["a"], ["s"], [0]))
@example(cast=Cast(["a", "a"], ["s", "s"], [1, -1]))
@example(cast=Cast(PEOPLE, ["s"] * len(PEOPLE), [0] * len(PEOPLE)))
@example(cast=Cast(PEOPLE * 2, ["s"] * len(PEOPLE) + ["t"] * len(PEOPLE), [1] * len(PEOPLE) * 2))
def test_any_votes_have_a_result(method, cast):
    plain = analysed(cast, method)

    assert {statement["id"] for statement in plain["statements"]} == {what for _, what in cast.standing}


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=20, deadline=None)
@given(cast=many_votes(), excluded=st.sets(st.integers(0, 15)), about=st.sets(st.integers(0, 15)), data=st.data())
def test_statements_may_be_excluded_unasked_or_worded_alike(method, cast, excluded, about, data):
    texts = data.draw(st.dictionaries(st.integers(0, 16).map(str), st.sampled_from(WORDINGS)))

    plain = analysed(cast, method, moderated_out=excluded, meta=about, texts=texts)

    listed = {statement["id"]: statement for statement in plain["statements"]}
    assert listed.keys() == ({what for _, what in cast.standing} | texts.keys()) - {str(each) for each in excluded}
    assert all(listed[each]["meta"] for each in {str(each) for each in about} & listed.keys())
    assert not any(each["meta"] and each["class"].startswith("consensus") for each in listed.values())
    named = {own["statement"] for group in plain["groups"] for own in group["representative"]}
    assert not named & {str(each) for each in excluded | about}


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=15, deadline=None)
@given(cast=many_votes(), before=any_votes, was=st.sampled_from(METHODS))
def test_the_run_before_may_be_of_other_votes_and_another_method(method, cast, before, was):
    previous = analyse(before.votes, method=was)

    plain = analysed(cast, method, previous=previous)

    assert plain["parameters"]["labels_from"] == previous.digest
    letters = {group["id"] for group in plain["groups"]} | {group.id for group in previous.groups}
    assert {change["letter"] for change in plain.get("group_changes", ())} == (letters if before.who else set())


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=20, deadline=None)
@given(cast=many_votes(), data=st.data())
def test_anything_may_be_known_beside_the_votes(method, cast, data):
    votes = cast.votes
    number = len(votes)
    rng = np.random.default_rng(data.draw(st.integers(0, 1000)))
    records = Records(
        important=rng.random(number) < data.draw(st.sampled_from([0, 0.1, 1])),
        probability=np.where(rng.random(number) < 0.5, data.draw(st.sampled_from([np.nan, 1e-300, 1e-6, 1.0])), np.nan),
        random=rng.random(number) < 0.3,
        marks_were_asked=data.draw(st.booleans()),
    )
    some = data.draw(st.sets(st.sampled_from([*votes.participants, "a stranger"])))
    beside = Beside(
        records=records if data.draw(st.booleans()) else None,
        verified=frozenset(some),
        first_seen={each: data.draw(st.sampled_from([0.0, 1e12, -1.0])) for each in some},
    )

    plain = analysed(cast, method, beside=beside)

    assert all(
        ("importance" in each) == bool(beside.records and records.marks_were_asked) for each in plain["statements"]
    )


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=20, deadline=None)
@given(cast=many_votes(), data=st.data())
def test_margins_are_met_or_refused(method, cast, data):
    answers = {
        each: {"age": data.draw(st.sampled_from(["young", "old", "not said"]))} for each in set(cast.who) | {"stranger"}
    }
    share = data.draw(st.sampled_from([0.0, 0.001, 0.5, 0.8, 1.0, 1.5]))
    other = data.draw(st.sampled_from([1 - share, 0.5]))

    plain, told = or_refused(
        lambda: analysed(cast, method, beside=Beside(answers=answers, margins={"age": {"young": share, "old": other}}))
    )

    if plain is None:
        assert "'age'" in told
        return
    assert plain["weighting"]["effective_people"] <= plain["participants"]["total"] + 1e-9
    assert all("weighted" in each for each in plain["statements"])


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=15, deadline=None)
@given(cast=any_votes, data=st.data())
def test_any_given_groups_are_taken(method, cast, data):
    names = st.sampled_from(["0", "1", "25", "26", "left", "ü", ""])
    groups = data.draw(st.dictionaries(st.sampled_from([*PEOPLE, "a stranger"]), names))

    plain = analysed(cast, method, groups=groups)

    assert plain["structure"]["verdict"] == "untested"
    assert {who for who, letter in plain["assignments"].items() if letter} == {
        who for who in set(cast.who) if groups.get(who)
    }


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=15, deadline=None)
@given(cast=many_votes(), data=st.data())
def test_any_thresholds_in_their_range_do(method, cast, data):
    thresholds = {
        "votes_to_be_grouped": st.integers(1, 30),
        "largest_number": st.integers(2, 10),
        "parts_left_out": st.integers(2, 12),
        "structure_level": st.sampled_from([0.0, 0.005, 0.5]),
        "found_again": st.sampled_from([0.0, 1.0]),
        "statement_folds": st.integers(2, 20),
        "axis_end": st.sampled_from([0.0, 0.01, 0.5, 1.0]),
        "veto_share": st.sampled_from([0.0, 1.0]),
        "veto_people": st.integers(1, 60),
        "most_in_sample": st.integers(1, 30),
        "confidence": st.sampled_from([0.8, 0.95, 0.9999]),
    }
    chosen = data.draw(st.fixed_dictionaries({}, optional=thresholds))

    plain = analysed(cast, method, parameters=Parameters(**chosen))

    assert chosen.items() <= plain["parameters"].items()


@given(
    who=st.lists(st.sampled_from([*PEOPLE, 7, 7.0, 7.5, None, "", True, "\ud800", b"x"]), max_size=6),
    said=st.lists(st.sampled_from([1, 0, -1, 2, 0.5, None, "agree", float("nan"), 1.0]), max_size=6),
)
def test_what_are_no_votes_is_refused_with_what_and_where(who, said):
    what = ["s"] * len(who)

    votes, told = or_refused(lambda: Votes.from_arrays(who, what, said))

    if votes is None:
        assert told.startswith(("participants", "values[", "the arrays must be of one length"))
        return
    assert len(votes) == len(dict.fromkeys(votes.participants))
    assert all(each in (-1, 0, 1) for each in votes.values.tolist())


@given(method=st.text().filter(lambda each: each not in METHODS))
def test_an_unknown_method_is_refused_before_anything_else(method):
    with pytest.raises(ParameterError, match="unknown method"):
        analyse(Votes.from_arrays([], [], []), method=method)
