# SPDX-License-Identifier: MIT
"""The capability graph of a whole program: the facts of its units, joined by name.

A struct stands for all its objects, and a call through a pointer that shows a token for a call of
each function that takes one of its kind and whose address is taken: the graph says at least what
may happen.
"""

import os
from collections import defaultdict
from pathlib import PurePath
from typing import NamedTuple

# What the typed face of the library does with a token, by the name of the function (cap.h).
_OPERATIONS = ("validate", "is_valid", "granted", "wield", "revoke_one", "delegate")


class Function(NamedTuple):
    """A function of the program; one that is only called has no file."""
    file: str
    name: str

    def __str__(self):
        return f"{self.name}()"


class Place(NamedTuple):
    """A line of a file."""
    file: str
    line: int


class Carrier:
    """A struct that holds tokens: its fields, and who puts tokens in and takes them out."""

    def __init__(self):
        self.fields, self.place = {}, None
        self.filled, self.read, self.handed = (defaultdict(set) for _ in range(3))


class Graph:
    """Everything by kind, function and struct."""

    def __init__(self):
        self.kinds = set()
        self.edges = set()      # (from, to): a kind that may be weakened into another
        self.made = {}          # (function, kind): (how, place); how: mint, attenuate or delegate
        self.unlisted = set()   # functions that mint in a file that may not
        self.gives = set()      # (function, function, kind): the first returns it to the second
        self.takes = {}         # (function, kind): place
        self.shows = {}         # (function, function, kind, struct that it is read from): place
        self.carriers = defaultdict(Carrier)

    def functions(self):
        """Those that have to do with a token, each with its kinds."""
        found = defaultdict(set)
        for function, kind in (*self.made, *self.takes):
            found[function].add(kind)
        for giver, taker, kind, *_ in (*self.shows, *self.gives):
            found[giver].add(kind)
            found[taker].add(kind)
        for carrier in self.carriers.values():
            for uses in (carrier.filled, carrier.read):
                for kind, users in uses.items():
                    for function, _ in users:
                        found[function].add(kind)
        return found

    def shown_to(self, kind, starts):
        """Where a token of these functions comes to when each passes on what it was shown."""
        calls = defaultdict(list)
        for caller, callee, shown, origin in self.shows:
            if shown == kind:
                calls[caller].append((callee, origin))
        reached, waiting = set(), list(starts)
        while waiting:
            function, own = waiting.pop()
            for callee, origin in calls[function]:
                # What a function shows out of a struct is another token than the one it takes.
                if (own or origin == "-") and callee not in reached:
                    reached.add(callee)
                    waiting.append((callee, False))
        return reached

    def reach(self, kind):
        """{room: functions that a token which is kept or made there comes to}.

        The rooms are folders, or files in a program that has one folder.
        """
        holders = {function for function, made in self.made if made == kind}
        holders |= {taker for _, taker, given in self.gives if given == kind}
        for carrier in self.carriers.values():
            holders |= {function for function, _ in carrier.read.get(kind, ())}
        folders = {folder_of(function.file) for function in self.functions() if function.file}
        starts = defaultdict(set)
        for function in holders:
            room = folder_of(function.file) if len(folders) > 1 else function.file
            starts[room].add((function, True))
        return {room: self.shown_to(kind, found) for room, found in sorted(starts.items())}


def folder_of(file):
    """The room or service that a file belongs to."""
    return str(PurePath(file).parent) if file else ""


def _operation(name, kind, policy):
    """What a function of the library does, or an empty word for one of the program."""
    if policy.mints().get(name):
        return "mint"
    if any(name == f"cap_attenuate_{to}_from_{source}" for to, source in policy.facts("edge")):
        return "attenuate"
    return next((word for word in _OPERATIONS if name == f"cap_{word}_{kind}"), "")


class _Names:
    """Which function a name means: the unit's own first, else the program's."""

    def __init__(self, facts):
        self._own, self._global, self._offered = {}, {}, defaultdict(set)
        for fact in facts:
            if fact.verb in ("takes", "handed", "returns"):
                function = Function(fact.file, fact.subject)
                self._own[fact.unit, fact.subject] = function
                if fact.object == "global":
                    self._global[fact.subject] = function

        for fact in facts:
            if fact.verb == "offers":
                self._offered[fact.kind].add(self._find(fact.object, fact.unit))

    def _find(self, name, unit):
        return self._own.get((unit, name)) or self._global.get(name) or Function("", name)

    def find_all(self, fact):
        """The functions that a call may reach, without a file when no unit defines them."""
        offered = self._offered[fact.kind] if fact.object.startswith("*") else ()
        return sorted(offered) or [self._find(fact.object, fact.unit)]


def make_graph(facts, policy):
    """The graph that the facts of all units make together."""
    graph, names = Graph(), _Names(facts)
    for fact in facts:
        place, function = Place(fact.file, fact.line), Function(fact.file, fact.subject)
        operation = _operation(fact.object, fact.kind, policy)
        if fact.verb == "holds":
            carrier = graph.carriers[fact.subject]
            carrier.place = carrier.place or place
            carrier.fields[fact.object] = fact.kind
        elif fact.verb == "makes" and operation in ("mint", "attenuate", "delegate"):
            graph.made.setdefault((function, fact.kind), (operation, place))
            if operation == "mint" and not policy.is_core_file(
                    os.path.abspath(fact.file)):
                graph.unlisted.add(function)
        elif fact.verb == "makes":
            graph.gives |= {(giver, function, fact.kind) for giver in names.find_all(fact)}
        elif fact.verb == "takes":
            graph.takes[function, fact.kind] = place
        elif fact.verb == "shows" and not operation:
            for callee in names.find_all(fact):
                graph.shows.setdefault((function, callee, fact.kind, fact.origin), place)
        elif fact.verb in ("fills", "reads"):
            carrier = graph.carriers[fact.object]
            uses = carrier.filled if fact.verb == "fills" else carrier.read
            uses[fact.kind].add((function, place))
    for fact in facts:
        # A struct that only embeds one with tokens is no holder of its own.
        if fact.verb == "handed" and fact.kind in graph.carriers:
            carrier = graph.carriers[fact.kind]
            for kind in carrier.fields.values():
                carrier.handed[kind].add((Function(fact.file, fact.subject),
                                          Place(fact.file, fact.line)))
    graph.kinds = {kind for kinds in graph.functions().values() for kind in kinds}
    graph.kinds |= {kind for carrier in graph.carriers.values()
                    for kind in carrier.fields.values()}
    graph.edges = {(source, to) for to, source in policy.facts("edge")
                   if {source, to} <= graph.kinds}
    return graph
