# SPDX-License-Identifier: MIT
"""What only the whole program tells: facts for the policy that no file has by itself."""

import tempfile

from report import collect_facts


def _lines(facts):
    def rows(verb):
        return {(fact.subject, fact.kind) for fact in facts
                if fact.verb == verb and fact.object == "global"}

    # Several programs may be checked at once, with functions of one name.
    plain = {function for function, _ in rows("plain")}
    return [f"privileged {function} {kind}" for function, kind in sorted(rows("takes"))
            if function not in plain] + [
        f"left-empty {carrier} {offset}"
        for carrier, offset in sorted(rows("leaves") - rows("gives"))]


def derive_policy(chosen, programs, policies, jobs, results):
    """A policy file, gone when closed: which functions are defined with a token for a parameter,
    and which tokens of global carriers no file fills."""
    facts, _ = collect_facts(chosen, programs, policies, jobs, results)
    file = tempfile.NamedTemporaryFile("w", suffix=".policy")
    file.writelines(f"{line}\n" for line in _lines(facts))
    file.flush()
    return file
