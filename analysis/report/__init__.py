# SPDX-License-Identifier: MIT
"""What ./aramid check shows to people: the capability graph and the HTML report."""

from typing import NamedTuple

from aramid_check.policy import Policy

from .facts import collect_facts
from .graph import make_graph
from .picture import lay_out


class Drawing(NamedTuple):
    """The capability graph of what was checked, the kinds that nobody has, and the picture."""
    graph: object
    others: list
    picture: object


def draw(chosen, programs, policies, jobs, results=None):
    """(the drawing, (file, tool, reason) of units whose facts could not be read)."""
    facts, unread = collect_facts(chosen, programs, policies, jobs, results)
    policy = Policy(policies)
    graph = make_graph(facts, policy)
    others = sorted({kind for kind, in policy.facts("kind")} - graph.kinds)
    return Drawing(graph, others, lay_out(graph, others)), unread
