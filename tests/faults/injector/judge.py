# SPDX-License-Identifier: MIT
"""What became of a fault: a trial's two sides beside the fault-free run of the same workload."""

import re
from typing import NamedTuple

_FALL = re.compile(r"^log: service (\w+): (\w+) contained in (\S+) during (\w+)", re.MULTILINE)
_QUARANTINED = re.compile(r"^log: service (\w+): quarantined", re.MULTILINE)
_PANIC = re.compile(r"^panic: (.*)", re.MULTILINE)

# /proc/audit: pages are in one of these, so their sum stays; more of the others is a leak …
_PAGES = ("pages_free", "heap_pages", "pages_of_processes", "pages_of_stores")
_HELD = ("pages_of_stores", "heap_objects", "service_heap_objects", "vnodes", "files")
# … and these are as they were, or the core is in disorder.
_ORDER = ("spinlocks_held", "mutexes_held", "tokens")

# The words of the report, in its order; what each means is in docs/campaign.md.
OUTCOMES = ("activated", "no_effect", "detected", "contained", "restored", "quarantined",
            "data_intact", "silent", "hung", "core_damaged", "leaked", "off_crashed")


class Words(NamedTuple):
    """What a workload said."""
    failed: list
    wrong: list
    lost: list
    answers: dict  # service -> whether it works again
    after: dict    # /proc/audit
    bystander: bool
    complete: bool


class Verdict(NamedTuple):
    """outcomes: those of OUTCOMES that hold. notes: what the evidence is, for people."""
    outcomes: list
    notes: list

    def failed(self):
        """Whether the promise was broken: a detected fault that was not survived whole."""
        return "detected" in self.outcomes and (
            not {"contained", "restored", "data_intact"} <= set(self.outcomes) or
            bool({"hung", "core_damaged", "leaked"} & set(self.outcomes)))


def read_words(said):
    """A workload's output; lines of another form are not its own."""
    lines = {name: [] for name in ("failed", "wrong", "lost")}
    answers, after, bystander, complete = {}, {}, False, False
    for line in said.splitlines():
        name, _, rest = line.partition(" ")
        parts = rest.split()
        if name in lines:
            lines[name].append(rest)
        elif name == "answers" and len(parts) == 2:
            answers[parts[0]] = parts[1] == "yes"
        elif name == "after" and len(parts) == 2 and parts[1].isdigit():
            after[parts[0]] = int(parts[1])
        elif name == "bystander":
            bystander = rest == "yes"
        elif line == "verdict":
            complete = True
    return Words(**lines, answers=answers, after=after, bystander=bystander, complete=complete)


def _difference(names, now, usual):
    return [f"{name} {now[name] - usual[name]:+d}" for name in names
            if name in now and name in usual and now[name] != usual[name]]


def _audit(words, usual, quarantined):
    """(what leaked, what is in disorder): in words. Nothing when it could not be read."""
    now = words.after
    if not all(name in now for name in usual):
        return [], []
    leaks = [said for said in _difference(_HELD, now, usual) if "+" in said]
    lost = sum(usual[name] for name in _PAGES) - sum(now[name] for name in _PAGES)
    if lost > 0:
        leaks.append(f"{lost} pages in no list")
    disorder = _difference(_ORDER, now, usual)
    if quarantined:  # a service that is out of service has no tokens
        disorder = [said for said in disorder if not said.startswith("tokens -")]
    return leaks, disorder


def _damage(ending, falls, service):
    """Why the core, or a part that was not faulty, is damaged: in words."""
    if ending.how == "crashed":
        panic = _PANIC.search(ending.log)
        return [f"the core crashed: {panic[1] if panic else 'no dump'}"]
    if ending.how == "died":
        return ["the machine ended by itself"]
    return [f"{name} fell too" for name in sorted({fall[0] for fall in falls} - {service})]


def judge(fault, here, there, profile):
    """The verdict on a fault. here, there: its sides; there is None when nothing fell."""
    ending, falls = here.ending, _FALL.findall(here.ending.log)
    words, usual = read_words(ending.said), read_words(profile.ending.said)
    notes = [f"{name}: {cause} in {function} during {operation}"
             for name, cause, function, operation in falls]
    damage = _damage(ending, falls, fault.service)
    quarantined = bool(_QUARANTINED.search(ending.log))
    leaks, disorder = _audit(words, usual.after, quarantined)
    went_on = ending.how == "finished" and words.complete and words.bystander
    answers = all(words.answers.get(name) for name in usual.answers)
    outcomes = {"activated"} if here.active else set()
    was_wrong = bool(words.wrong or words.lost or not answers)
    # A refusal beside wrong answers was not about them: those went unnoticed.
    if falls or damage or disorder or not went_on or (words.failed and not was_wrong):
        holds = {"detected": True, "hung": ending.how == "hung", "leaked": bool(leaks),
                 "core_damaged": bool(damage or disorder), "contained": went_on and not damage,
                 "quarantined": quarantined,
                 "restored": went_on and answers and not quarantined,
                 "data_intact": went_on and not words.lost}
        outcomes |= {name for name, true in holds.items() if true}
    elif was_wrong:
        outcomes.add("silent")
    elif here.active:
        outcomes.add("no_effect")
    if there and there.ending.how == "crashed":
        outcomes.add("off_crashed")
    notes += damage + leaks + disorder + [f"wrong {each}" for each in words.wrong[:3]]
    notes += [f"lost {each}" for each in words.lost[:3]]
    return Verdict([name for name in OUTCOMES if name in outcomes], notes)
