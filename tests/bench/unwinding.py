# SPDX-License-Identifier: MIT
"""Containment beside C++ exceptions and longjmp: failures of the same depth, in instructions and,
where they run natively, in time."""

import os
import re
import statistics
import subprocess
import tempfile
from pathlib import Path

import figures
import guest
import newc
import spans
from injector.unable import Unable  # what spans raises

HERE = Path(__file__).resolve().parent / "unwinding"
BUILT = Path(guest.ROOT) / "build" / "bench"
DOCS = Path(guest.ROOT) / "docs"
LLVM = "/usr/lib/llvm-19/lib"
# The programs: what each is called in the table, its source, and the libraries that unwind it.
PROGRAMS = {
    "jump": ("setjmp, longjmp (glibc)", "jump.c", []),
    "gnu": ("C++, libstdc++ and libgcc", "throw.cc", ["-lsupc++", "-lgcc_eh"]),
    "llvm": ("C++, libc++abi and LLVM's libunwind", "throw.cc",
             ["--rtlib=compiler-rt", "--unwindlib=libunwind", f"-L{LLVM}", "-lc++abi", "-lunwind"]),
}
# Ways to fail: what the column is called, the programs' arguments, and chaos's file.
WAYS = {
    "depth 0": ("0", "plain", "panic_0"),
    "depth 10": ("10", "plain", "panic_10"),
    "depth 10, each cleans up": ("10", "cleans", "cleanup_10"),
}
CANNOT_CLEAN = 2
# Samples, and failures in each: in the guest, where they are counted, and here, where they are timed.
COUNTED, TIMED = (21, 1), (20, 500)
_FLAGS = ["-O2", "-Wall", "-Wextra", "-Werror"]


class Failed(Exception):
    """Says why nothing was measured."""


def _compile(output, words):
    done = subprocess.run(["clang-19", *words, "-o", str(output)], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        raise Failed(f"{output.name} is not built:\n{done.stdout}")


def build():
    """The programs, each static, so that the same file runs here and in the guest."""
    BUILT.mkdir(parents=True, exist_ok=True)
    for name, (_, source, libraries) in PROGRAMS.items():
        language = ["-std=c++17", "-nostdinc++"] if source.endswith(".cc") else ["-std=gnu17"]
        _compile(BUILT / "measure.o", [*_FLAGS, "-std=gnu17", "-c", str(HERE / "measure.c")])
        _compile(BUILT / f"{name}.o", [*_FLAGS, *language, "-c", str(HERE / source)])
        _compile(BUILT / name, ["-static", str(BUILT / "measure.o"), str(BUILT / f"{name}.o"),
                                *libraries])


def _samples(text):
    return [tuple(map(int, line.split())) for line in text.splitlines()]


def _count_in_guest():
    """{(program, way): instructions of each sample}, from one boot."""
    samples, repeats = COUNTED
    extra = newc.Archive()
    extra.directory("bench")
    commands = []
    for name in PROGRAMS:
        extra.file(f"bench/{name}", (BUILT / name).read_bytes(), 0o755)
        for way, (depth, sort, _) in WAYS.items():
            commands.append(f"echo '== {name}/{way}'\n"
                            f"/bench/{name} {depth} {sort} {samples} {repeats}\n")
    root = Path(guest.ROOT) / "build" / "userland" / "root.cpio"
    with tempfile.TemporaryDirectory(prefix="aramid-bench.") as folder:
        archive = Path(folder) / "root.cpio"
        newc.join(root, extra, archive)
        done = guest.boot("balanced", "".join(commands) + "exit 0", timeout=120,
                          more=("--icount", "--cpu", "max,-erms,-fsrm", "--initrd", str(archive)))
    if done.status != 0:
        raise Failed(f"the boot ended with status {done.status}\n{done.out}{done.err}")
    return {tuple(name.split("/", 1)): [count for count, _ in _samples(text)]
            for name, text in guest.sections(done.out).items()}


def _time_here(name, way):
    """Nanoseconds a failure, one figure a sample; none where frames cannot clean up."""
    depth, sort, _ = WAYS[way]
    samples, repeats = TIMED
    done = subprocess.run([str(BUILT / name), depth, sort, str(samples), str(repeats)], text=True,
                          stdout=subprocess.PIPE)
    if done.returncode == CANNOT_CLEAN:
        return []
    if done.returncode:
        raise Failed(f"{name} ended with status {done.returncode}")
    return [round(time / repeats, 1) for _, time in _samples(done.stdout)]


def _processor():
    found = re.search(r"^model name\s*:\s*(.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else "unknown"


def measure(profiles=guest.CONTAINING):
    """Everything, as it is kept in unwinding.json; of the kernels, these profiles'."""
    for profile in {"balanced", *profiles}:
        done = guest.boot(profile, "exit 0")  # builds what is out of date
        if done.status:
            raise Failed(f"{profile} does not boot: {done.err}")
    build()
    counted = _count_in_guest()
    programs = {name: {way: {"instructions": counted[name, way],
                             "nanoseconds": _time_here(name, way)} for way in WAYS}
                for name in PROGRAMS}
    kernels = {}
    for name, (profile, _) in spans.MACHINES.items():
        if profile not in profiles:
            continue
        found = spans.measure(name)
        kernels[name] = {
            "call_service": found.calls,
            "first": {file: fall._asdict() for file, fall in found.first.items()},
            "later": {file: fall._asdict() for file, fall in found.later.items()},
        }
    return {"programs": programs, "kernels": kernels, "processor": _processor(),
            "processors": os.cpu_count()}


# ---- the page

def _counts(samples):
    return f"{statistics.median_low(samples):,}" if samples else "none cleans up"


def _times(samples):
    if not samples:
        return "none cleans up"
    return f"{statistics.median(samples):,.0f} ({min(samples):,.0f} to {max(samples):,.0f})"


def side_by_side(results):
    """Instructions from where a failure begins to where it is caught."""
    rows = [[PROGRAMS[name][0], *(_counts(ways[way]["instructions"]) for way in WAYS)]
            for name, ways in results["programs"].items()]
    rows += [[f"Aramid, {name}{note}",
              *(f"{kernel[when][file]['landing']:,}" for _, _, file in WAYS.values())]
             for when, note in (("later", ""), ("first", ", first at its place"))
             for name, kernel in results["kernels"].items()]
    return figures.table(["instructions", *WAYS], rows)


def natively(results):
    """Nanoseconds of a failure and of the calls down to it."""
    rows = [[PROGRAMS[name][0], *(_times(ways[way]["nanoseconds"]) for way in WAYS)]
            for name, ways in results["programs"].items()]
    return figures.table(["nanoseconds", *WAYS], rows)


def to_the_end(results):
    """What follows on a landing, and what a call costs that does not fail."""
    kernels = results["kernels"]

    def row(title, figure):
        return [title, *(f"{figure(kernel):,}" for kernel in kernels.values())]
    rows = []
    for way, (_, _, file) in WAYS.items():
        rows += [row(f"panic to landing, {way}", lambda k, f=file: k["later"][f]["landing"]),
                 row(f"from there on, {way}: count and log",
                     lambda k, f=file: k["first"][f]["note"])]
    rows.append(row("repair, to the return with EIO", lambda k: k["later"]["panic_0"]["repair"]))
    functions = sorted(set.intersection(*(set(k["call_service"]) for k in kernels.values())))
    rows += [row(f"call_service around {name}, nothing fails",
                 lambda k, n=name: k["call_service"][n]) for name in functions]
    return figures.table(["instructions", *kernels], rows)


PAGE = """\
# Unwinding

Generated by `./aramid bench --unwinding --docs` from [unwinding.json](unwinding.json), which has
every sample. Do not edit.

A failure some calls deep, from where it begins to where it is caught: a panic of the service chaos
to its landing at the boundary, a C++ exception of the same depth to its handler, and `longjmp`
to its `setjmp`. *Each cleans up* has a cleanup handler in each of the frames, which runs on the way. The
programs are static, built by the same compiler, and run in Aramid where instructions are
counted (QEMU's `-icount shift=0`, `-cpu max,-erms,-fsrm`); medians of {samples} samples. Aramid's are counted
by QEMU's log of executed instructions. The first failure at a place asks libunwind for each
frame's row; later ones remember it ([decision 14](decisions/0014-rows-are-remembered.md)). Each
column's first failure came after those of the columns before it, so that depth 10 knew some rows.

{side_by_side}

The same programs natively, on {processor} ({processors} processors, shared with other work): processor time a
failure, medians of {timed} samples of {repeats} failures, with the smallest and the largest. The kernel
has no such figure: QEMU emulates the processor that it runs on.

{natively}

What follows on a landing. Log lines are written a byte at a time; more than twenty a second are left
out. A call that does not fail is counted from `call_service`'s first instruction to its return,
without what the service executes.

{to_the_end}
"""


def page(results):
    """The text of docs/unwinding.md."""
    return PAGE.format(samples=COUNTED[0], timed=TIMED[0], repeats=TIMED[1],
                       processor=results["processor"], processors=results["processors"],
                       side_by_side="\n".join(side_by_side(results)),
                       natively="\n".join(natively(results)),
                       to_the_end="\n".join(to_the_end(results)))


def tables(results):
    """The page's tables."""
    return "\n\n".join("\n".join(rows(results)) for rows in (side_by_side, natively, to_the_end))


def write_docs(results):
    """unwinding.json and the page made of it."""
    figures.keep(results, DOCS / "unwinding.json")
    (DOCS / "unwinding.md").write_text(page(results), encoding="utf-8")
