"""Which statements are near-duplicates of one another, so that they weigh together as one in the opinion space.

Wording alone decides, not how the statements were voted on. Among some 900 statements of seven real conversations seven
pairs are this alike: copies, whose votes agree, and mirror images ("under 30", "30 or older"), whose votes are opposed;
either way the second column says the same as the first. To ask for agreement as well would let those who flood a
deliberation with copies make each of them count in full, by voting on them at random.
"""

from collections.abc import Sequence

import numpy as np

from analysis.parameters import Parameters
from analysis.similarity import duplicate_clusters
from analysis.votes import IntArray


def duplicates(texts: Sequence[str | None], parameters: Parameters, excluded: Sequence[bool] | None = None) -> IntArray:
    """The cluster of each statement, shape (statements,), numbers from 0; -1 for one that is excluded.

    texts: wordings; a statement without one is a cluster by itself. excluded: those that shape no group: declined ones,
    and those about the participants.
    """
    clusters = duplicate_clusters([each or "" for each in texts], parameters.duplicate_similarity)
    if excluded is not None:
        clusters = np.where(np.asarray(excluded, dtype=bool), -1, clusters)
    counted = clusters >= 0
    clusters[counted] = np.unique(clusters[counted], return_inverse=True)[1].reshape(-1)
    return clusters
