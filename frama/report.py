# SPDX-License-Identifier: MIT
"""The report of `prove`: what is proved, by what, what is believed, and what is not proved."""
import os

CLAIMS = """\
<!-- Written by `./aramid prove --report docs` from frama/*.list; do not edit. -->
# What is proved, and what is not

By `./aramid prove`, with Frama-C: WP's proofs are of the C source, function by function, for all inputs
that the contracts allow, with no run-time error (and no unsigned overflow, where the target asks for
it: all but the token table's). The source is read for x86-64 with the options of frama/targets.list.
docs/proofs.md has every function, every goal's count, and all that is believed without proof.
docs/proof-mutations.md shows that the proofs fail when the code is wrong.
"""

INVARIANTS = """
## One definition, proved and run

Fortress (`ARAMID_CHECK_INVARIANTS`) evaluates the invariants that the contracts start from. Each is one
function, whose contract says that its answer is the predicate; WP proves that. Where evaluating costs
time in the size of a table it is done at the moments that matter, not at each call: with 256 MB the
two tables take about 70,000 instructions a repair, as many as a fall and its repair take without them
(guest time of 3,000 falls of chaos under --icount, 143 and 73 microseconds each). An invariant that
does not hold is damage to the core and a panic: a service cannot be blamed, and nothing of the table
can be trusted. `invariants_held` in /proc/audit counts; booted with `damage=tokens`, `damage=pages` or
`damage=ledger` the kernel damages that table after the first fall, and must stop
(tests/boot/test_containment.py).

"""

INTRODUCTION = """\
<!-- Written by `./aramid prove --report docs`; do not edit. -->
# The proofs

docs/what-is-proved.md says what they amount to.

Frama-C's WP proves the functions below: no run-time error, and the contract that stands before
each; of the targets flow:FILE only that each call to a privileged function gets a genuine token,
with contracts that are made (docs/decisions/0010). Targets eva:SERVICE are Eva's, on the service
as a whole. `frama/targets.list` names what belongs to the other targets; their contracts are beside
the code and in `frama/*_spec.h`. The proofs are about the C source, read for x86-64, with the
options of the table:
not about the compiler, the hardware, assembler, or what several processors do at once.
"""


def table(head, rows):
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join(lines + [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows])


def rows(root, name):
    """The rows of a list of frama/, cell by cell."""
    if root is None:
        return []
    with open(os.path.join(root, "frama", name), encoding="utf-8") as file:
        return [[cell.strip() for cell in line.split("|")] for line in file
                if line.strip() and not line.startswith("#")]


def not_proved(root):
    """The rows of frama/not_proved.list: what of the trusted code has no proof, and why."""
    return rows(root, "not_proved.list")


def standing(names, results):
    """How a claim's targets stand: the goals proved, and which were not proved or not tried."""
    goals, failed, missing = 0, [], []
    for name in names.split():
        of_name = [result for result in results
                   if result["name"] == name or name.endswith(":") and
                   result["name"].startswith(name)]
        if not of_name:
            missing.append(name)
        failed += [result["name"] for result in of_name if result["proved"] < result["goals"]]
        goals += sum(result["proved"] for result in of_name)
    words = [f"**not proved: {', '.join(failed)}**"] if failed else []
    words += [f"**not tried in this run: {', '.join(missing)}**"] if missing else []
    return "; ".join(words) or f"{goals} goals"


def write_claims(folder, results, root):
    """Writes what-is-proved.md."""
    claims = [[claim, profiles, names.replace(" ", ", "), standing(names, results)]
              for claim, profiles, names in rows(root, "claims.list")]
    parts = [CLAIMS, table(["Proved", "Profiles", "Targets", "Goals"], claims), INVARIANTS,
             table(["Invariant", "Predicate", "Function", "Evaluated"],
                   rows(root, "invariants.list")),
             "\n## Trusted code without a proof\n",
             table(["Code", "Files", "What is missing, and why"], not_proved(root)),
             "\n## What no proof here speaks of\n",
             table(["What", "What stands in"], rows(root, "outside.list"))]
    with open(os.path.join(folder, "what-is-proved.md"), "w", encoding="utf-8") as file:
        file.write("\n".join(parts) + "\n")


def flow_facts(root):
    """The rows of frama/flow/flow.list by which WP believes nothing."""
    if root is None:
        return []
    with open(os.path.join(root, "frama", "flow", "flow.list"), encoding="utf-8") as file:
        told = [line.partition("|") for line in file
                if line.startswith(("fills ", "before ", "defined ", "recursive "))]
    return [[f"`{fact.strip()}`", why.strip()] for fact, _, why in told]


def write(folder, results, root, version):
    """Writes proofs.md into the folder, and what-is-proved.md for the tree."""
    os.makedirs(folder, exist_ok=True)
    if root is not None:
        write_claims(folder, results, root)
    proved = sum(result["proved"] for result in results)
    goals = sum(result["goals"] for result in results)
    totals = [[result["name"], f"{result['proved']} of {result['goals']}",
               ", ".join(f"{name}: {count}" for name, count in result["provers"].items()),
               f"{result['seconds']} s", len(result["believed"])] for result in results]
    coverage = [[f"`{path}`", f"`{name}`", result["name"], count]
                for result in results for path, functions in sorted(result["functions"].items())
                for name, count in sorted(functions.items())]
    believed = sorted({(text, result["name"]) for result in results
                       for text in result["believed"] if text not in result.get("why", ())})
    of_flow = sorted({(f"`{text}`", why) for result in results
                      for text, why in result.get("why", {}).items()})
    relied = sorted({(name, other, result["name"]) for result in results
                     for name, other in result["relies"].items()})
    parts = [
        INTRODUCTION,
        f"Proved {proved} of {goals} goals with Frama-C {version}. Times are of the run that found "
        "the proofs.\n",
        table(["Target", "Goals", "Provers", "Time", "Facts believed"], totals),
        "\n## Coverage\n\nFunctions, and the properties that are proved of each.\n",
        table(["File", "Function", "Target", "Properties"], coverage),
        "\n## Not proved\n",
        table(["Trusted code", "Files", "What is missing, and why"], not_proved(root)),
        "\n## Believed without proof\n",
        table(["Fact", "Target"], [[f"`{text}`".replace("|", "\\|"), name]
                                   for text, name in believed]),
        "\n## Believed by the proofs of token flow\n\nFrom frama/flow/believed.list, which holds "
        "for all projects, and frama/flow/flow.list; what neither allows fails the proof. A file's "
        "functions are believed to keep what its callers hold, and to return genuine tokens.\n",
        table(["Fact", "Why"], of_flow),
        "\n## Told to the proofs of token flow\n\nFrom frama/flow/flow.list: `fills` is proved, "
        "`before` only takes an assumption away, `defined` says where to look; `recursive` is for "
        "Eva.\n",
        table(["Fact", "Why"], flow_facts(root)),
        "\n## Proved by another target\n",
        table(["Function", "Proved by", "Used by"], [[f"`{name}`", other, user]
                                                     for name, other, user in relied]),
    ]
    with open(os.path.join(folder, "proofs.md"), "w", encoding="utf-8") as file:
        file.write("\n".join(parts) + "\n")
