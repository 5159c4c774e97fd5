"""A worker of analysis.py, run by the Python of red-dwarf's own environment: times it on the votes of a file."""

import json
import resource
import sys
import time

import numpy as np
from reddwarf.implementations.polis import run_pipeline


def main() -> None:
    path, runs = sys.argv[1], int(sys.argv[2])
    with np.load(path) as cast:
        columns = (cast["participants"].tolist(), cast["statements"].tolist(), cast["values"].tolist())
    votes = [
        {"participant_id": who, "statement_id": what, "vote": value} for who, what, value in zip(*columns, strict=True)
    ]
    del columns
    seconds = []
    for _ in range(runs):
        started = time.perf_counter()
        run_pipeline(votes=votes, random_state=0)
        seconds.append(time.perf_counter() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "peak": peak}))


if __name__ == "__main__":
    main()
