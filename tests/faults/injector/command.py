# SPDX-License-Identifier: MIT
"""The command line of the campaign."""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import kinds, page, results, trial
from .guest import ROOT, STEPS
from .image import Image
from .judge import judge
from .profile import Profile
from .unable import Unable

# Those that contain anything.
PROFILES = ("fortress", "balanced")
COUNT = 200


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message):
        print(f"campaign: {message} (see ./aramid help campaign)", file=sys.stderr)
        sys.exit(2)


def _number(low):
    def number(text):
        if not re.fullmatch(r"[0-9]+", text) or int(text) < low:
            raise argparse.ArgumentTypeError(f"'{text}' is not a number from {low} on")
        return int(text)
    return number


def _shard(text):
    match = re.fullmatch(r"([1-9][0-9]*)/([1-9][0-9]*)", text)
    if not match or int(match[1]) > int(match[2]):
        raise argparse.ArgumentTypeError(f"'{text}' is not a part like 2/5")
    return int(match[1]), int(match[2])


def parse(words):
    """The options."""
    parser = Parser(prog="./aramid campaign", add_help=False)
    parser.add_argument("--seed", type=_number(0), default=1)
    parser.add_argument("--count", type=_number(1), default=COUNT)
    parser.add_argument("--profile", type=str.lower, choices=PROFILES, default="fortress")
    parser.add_argument("--compiler", choices=("clang", "gcc"), default="clang")
    parser.add_argument("--service", default="all")
    parser.add_argument("--fault", default="all")
    parser.add_argument("--jobs", type=_number(1), default=1)
    parser.add_argument("--json")
    parser.add_argument("--html")
    parser.add_argument("--shard", type=_shard, default=(1, 1))
    parser.add_argument("--merge", nargs="+", metavar="FILE")
    parser.add_argument("--trial", type=_number(0))
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--no-build", action="store_true")
    options = parser.parse_args(words)
    if options.fault != "all" and options.fault not in kinds.KINDS:
        parser.error(f"--fault: no kind '{options.fault}' (one of all, "
                     f"{', '.join(kinds.KINDS)})")
    if not options.json and not options.list and options.trial is None:
        parser.error("--json FILE is wanted")
    return options


def _built(options):
    """Paths of the profile's kernel and of the root archive, built when they are out of date."""
    folder = ROOT / "build"
    if not options.no_build:
        for command in ([ROOT / "tools/build-kernel", options.profile, options.compiler],
                        [ROOT / "userland/build"]):
            done = subprocess.run(command, check=False, text=True, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT)
            if done.returncode:
                raise Unable(f"{command[0].name} failed:\n{done.stdout}")
    kernel = folder / f"{options.profile}-{options.compiler}" / "kernel" / "aramid.elf"
    archive = folder / "userland" / "root.cpio"
    for path in (kernel, archive):
        if not path.is_file():
            raise Unable(f"{path} is not there (build without --no-build)")
    return kernel, archive


class Campaign:
    """What the trials of one call share."""

    def __init__(self, options):
        self.options = options
        self._folder = tempfile.TemporaryDirectory(prefix="aramid-campaign.")
        # Copies: a build meanwhile must not change what is under test.
        kernel, self._archive = (shutil.copy(path, self._folder.name)
                                 for path in _built(options))
        self.image = Image(kernel)
        self._digest = hashlib.sha256(b"".join(
            Path(path).read_bytes() for path in (kernel, self._archive))).hexdigest()[:16]
        self._profiles, self._lock = {}, threading.Lock()
        self.services, self.kinds = self._chosen()

    def close(self):
        """Removes what was made for it."""
        self._folder.cleanup()

    def profile(self, seed):
        """The fault-free run of a workload seed, made once."""
        with self._lock:
            if seed not in self._profiles:
                self._profiles[seed] = Profile(self.image, self._archive, self._folder.name,
                                               seed, self._digest)
            return self._profiles[seed]

    def _chosen(self):
        """The services that the workload uses, and the kinds that can be put into them."""
        options, profile = self.options, self.profile(1)
        used = [name for name in self.image.services
                if any(address in profile.executed for address in self.image.instructions(name))]
        services = used if options.service == "all" else [options.service]
        if services[0] not in used:
            raise Unable(f"--service: '{services[0]}' is not one that the workload uses "
                         f"(one of all, {', '.join(used)})")
        wanted = trial.usual_kinds() if options.fault == "all" else [options.fault]
        able = trial.able_kinds(services, wanted, self.image, profile)
        if not able:
            raise Unable(f"--fault {options.fault}: {', '.join(services)} has no place for it")
        return services, able

    def identity(self):
        """What must be the same for trials to be of one campaign."""
        options = self.options
        return {"seed": options.seed, "count": options.count, "profile": options.profile,
                "compiler": options.compiler, "services": self.services, "kinds": self.kinds,
                "steps": STEPS, "image": self._digest}

    def run(self, number):
        """One trial: (fault, both sides, verdict)."""
        fault = trial.draw(self.options.seed, number, self.services, self.kinds, self.image,
                           self.profile)
        profile = self.profile(fault.workload)
        here = trial.observe(fault, self.image, profile, "on")
        # Without a fall both sides are one run: nothing asked what to do about one.
        fell = " contained in " in here.ending.log or here.ending.how != "finished"
        there = trial.observe(fault, self.image, profile, "off") if fell else None
        return fault, here, there, judge(fault, here, there, profile)

    def row(self, number):
        """One trial for the journal."""
        fault, _, there, verdict = self.run(number)
        return {"number": number, "seed": fault.seed, "service": fault.service,
                "kind": fault.kind, "workload": fault.workload,
                "fault": trial.describe(fault, self.image), "outcomes": verdict.outcomes,
                "off": there.ending.how if there else "same", "failed": verdict.failed(),
                "notes": verdict.notes}


def _show(campaign, number):
    """A trial again, with all that was said."""
    fault, here, there, verdict = campaign.run(number)
    print(f"{fault.seed} (workload {fault.workload}): {trial.describe(fault, campaign.image)}")
    for name, side in (("contained", here), ("panic-on-containment", there)):
        if side:
            print(f"-- {name}: {side.ending.how}, {'active' if side.active else 'not active'}")
            print(side.ending.said + side.ending.log)
    print("\n".join(["-- verdict: " + " ".join(verdict.outcomes), *verdict.notes]))
    return 1 if verdict.failed() else 0


def _run_all(campaign, journal):
    """The trials of the shard that the journal lacks."""
    options = campaign.options
    part, parts = options.shard
    done = {each["number"] for each in journal.trials}
    wanted = [number for number in range(options.count)
              if number % parts == part - 1 and number not in done]
    with ThreadPoolExecutor(options.jobs) as pool:
        futures = [pool.submit(campaign.row, number) for number in wanted]
        try:
            for future in futures:
                row = future.result()
                journal.add(row)
                if row["failed"]:
                    _say_failure(row)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _say_failure(row):
    print(f"{row['seed']}: {row['fault']}: {' '.join(row['outcomes'])}: "
          f"{'; '.join(row['notes'][:4])}", flush=True)


def _sum_up(totals):
    names = ("injected", "activated", "no_effect", "detected", "contained", "restored",
             "data_intact", "silent", "hung", "core_damaged", "leaked")
    print(", ".join(f"{name} {totals[name]}" for name in names))
    whole = totals["rates"]["whole"]
    if totals["detected"]:
        print(f"of {totals['detected']} detected {totals['whole']} contained, restored and intact: "
              f"{100 * whole['rate']:.2f} % (95 %: {100 * whole['low']:.2f} to "
              f"{100 * whole['high']:.2f}); without containment {totals['off_crashed']} crash")


def _finish(options, summary):
    if options.json:
        results.write(options.json, summary)
    if options.html:
        page.write_page(options.html, summary)
    _sum_up(summary["totals"])
    return 1 if summary["failures"] else 0


def _list_kinds():
    for row in kinds.ROWS:
        print(f"{row.name:24}{row.sentence}{' (planted: not one of all)' if row.planted else ''}")
    return 0


def run(options):
    """Does what the options say; the exit status."""
    if options.list:
        return _list_kinds()
    if options.merge:
        return _finish(options, results.merge(options.merge))
    campaign = Campaign(options)
    try:
        if options.trial is not None:
            return _show(campaign, options.trial)
        identity = campaign.identity()
        journal = results.Journal(f"{options.json}.journal", identity)
        try:
            _run_all(campaign, journal)
        finally:
            journal.close()
        return _finish(options, results.summary(identity, journal.trials))
    finally:
        campaign.close()


def main(words):
    """Entry of tests/faults/campaign."""
    try:
        return run(parse(words))
    except Unable as reason:
        print(f"campaign: {reason}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
