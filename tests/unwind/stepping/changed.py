# SPDX-License-Identifier: MIT
"""Wrong rows: each row that was judged, changed in one thing, must be found out."""

from .stepper import Judge, Memory

_WORD = 8


class _Changed:
    """The tables with another row."""

    def __init__(self, tables, row):
        self._tables, self._row = tables, row

    def row(self, address):
        """As Tables does."""
        return self._row if self._row.start <= address < self._row.end else \
            self._tables.row(address)


def changes(row, known):
    """(what, row) of the ways in which a row could be wrong: each is off by a word, or goes on
    where the stack ends. known: the registers whose values above are known."""
    if row.ends:
        yield "goes on", row._replace(rules={**row.rules, "rip": -_WORD})
        return
    yield "CFA", row._replace(cfa=(row.cfa[0], row.cfa[1] + _WORD))
    yield "ends", row._replace(rules={**row.rules, "rip": "undefined"})
    for name, rule in row.rules.items():
        if isinstance(rule, int) and name in known:
            yield name, row._replace(rules={**row.rules, name: rule + _WORD})


def undetected(stepper):
    """(changes that were found out, [description of those that were not])."""
    tables, code, found, missed = stepper.code.tables, stepper.code, 0, []
    for row, address, states in _by_row(stepper):
        known = {name for state in states for name in
                 (state.frames[-1].registers if state.frames else ())}
        for what, changed in changes(row, known):
            judge = Judge(_Changed(tables, changed), stepper.zone, stepper.fixups)
            if any(judge.wrong(state, Memory(None, state.windows)) for state in states):
                found += 1
            else:
                missed.append(f"{code.place(address)}: {what}")
    return found, missed


def _by_row(stepper):
    rows = {}
    for address, states in sorted(stepper.moments.items()):
        row = stepper.code.tables.row(address)
        rows.setdefault(row.start, (row, address, []))[2].extend(states)
    return rows.values()
