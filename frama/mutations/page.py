# SPDX-License-Identifier: MIT
"""The campaign's page."""

INTRODUCTION = """\
# Planted faults and the proofs

`frama/mutations/run` makes each change below in a copy of the tree and asks `./aramid prove` about
the target that it belongs to. A change *failed* when a goal is not proved any more; the table names
one, of the changed file where there is one. A control is a change that means the same: its proof must
still be found, with the same time for each goal. Frama-C refuses a few changes as no program: they
count as failed, and the table says so.

Written by `frama/mutations/run --report docs/proof-mutations.md`; do not edit.
"""


def cell(text):
    """Text that may stand in a table."""
    return text.replace("|", "\\|").replace("\n", " ")


def verdict(outcome):
    """What became of it, for the table."""
    if outcome.refused:
        return "Frama-C refuses the program"
    if not outcome.goals:
        return "proved" if outcome.change.control else "**survived**"
    return f"{len(outcome.goals)} failed" if len(outcome.goals) > 1 else "1 failed"


def rows_of(outcomes):
    """Lines of a table."""
    lines = ["| Target | Change | File | Goals | The first |", "|---|---|---|---|---|"]
    for outcome in outcomes:
        change = outcome.change
        first = f"`{cell(outcome.first())}`" if outcome.goals and not outcome.refused else ""
        lines.append(f"| {change.target} | {cell(change.name)} | `{change.file}` | "
                     f"{verdict(outcome)} | {first} |")
    return lines


def make_page(outcomes, explained, not_run):
    """The Markdown."""
    changes = [outcome for outcome in outcomes if not outcome.change.control]
    survived = [outcome for outcome in changes if not outcome.goals]
    failed = len(changes) - len(survived)
    lines = [INTRODUCTION, f"{failed} of {len(changes)} changes failed "
             f"({100 * failed / max(1, len(changes)):.1f} %).\n", *rows_of(changes), "", "## Survivors", ""]
    lines += [f"- {outcome.change.name}: {explained.get(outcome.change.name, 'not explained')}"
              for outcome in survived] or ["None."]
    lines += ["", "## Controls", "", *rows_of([o for o in outcomes if o.change.control])]
    if not_run:
        lines += ["", "## Not run on this tree", "", "| Target | Change | File |", "|---|---|---|"]
        lines += [f"| {change.target} | {cell(change.name)} | `{change.file}` |"
                  for change in not_run]
    return "\n".join(lines) + "\n"
