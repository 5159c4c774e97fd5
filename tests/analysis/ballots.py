"""Rankings written shortly, for tests: "A>B=C" and how many said so."""

from analysis.rankings import Rankings


def ballots(profile: dict[str, int], prompt: str = "p", question: str = "world", **more) -> Rankings:
    """Rankings from orders like "A>B=C", each by so many people; what an order does not name was not placed."""
    who, what, ranks = [], [], []
    person = 0
    for order, number in profile.items():
        for _ in range(number):
            for rank, tier in enumerate(order.split(">"), start=1):
                for response in tier.split("="):
                    who.append(person)
                    what.append(response)
                    ranks.append(rank)
            person += 1
    return Rankings.from_arrays(prompt, question, participants=who, responses=what, ranks=ranks, **more)
