"""The method: what votes on statements say. It knows nothing of the service that collects them."""

from analysis.pipeline import analyse
from analysis.votes import Votes

__all__ = ["Votes", "analyse"]
