# SPDX-License-Identifier: MIT
"""Token flow: that each call to a privileged function gets a genuine token.

Which files are proved follows from the sources: each C file that names a token's type, an
operation on tokens, a carrier or a privileged function. The contracts are written by the plug-in
frama/flow/flow.ml, from the prototypes, the table of kinds and the project's facts.
"""
import csv
import fnmatch
import hashlib
import importlib.machinery
import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

import beliefs

HERE = os.path.dirname(os.path.realpath(__file__))
TREE = os.path.dirname(HERE)
FLOW = "flow"
# Z3's own count, so that a busy machine loses no goal; the hardest goal takes a fourth of it.
GOAL_STEPS = 5_000_000

# frama/flow/believed.list says of each option why.
RECIPE = ["-machdep", "gcc_x86_64", "-c11", "-kernel-warn-key", "asm:clobber=inactive",
          "-variadic-no-translation", "-remove-unused-specified-functions", "-wp", "-wp-prop=flow",
          "-wp-no-init-const", "-wp-no-ground", "-wp-prover", "z3", "-wp-cache", "update"]
# The words of a project's facts that the plug-in knows; the others are for frama/flow/beliefs.py.
PLUGIN_WORDS = ("fills", "before", "trust")
PACKAGES = "zarith,ocamlgraph,findlib,unix,str,yojson,dynlink"
LIBRARY = ["-Icaps/include", "-Iannotations/include"]
KERNEL = ["-DARAMID_PROFILE=BALANCED", '-DARAMID_PROFILE_NAME="Balanced"', "-I.",
          "-Iarch/x86_64/include", "-idirafter", "/usr/include",
          "-idirafter", "/usr/include/x86_64-linux-gnu"]


class WrongProject(Exception):
    """A project that cannot be proved; the text says why."""


def load_tool(name):
    """A tool of caps/tools, as a module: it is a program without .py."""
    path = os.path.join(TREE, "caps", "tools", name)
    loader = importlib.machinery.SourceFileLoader(name.replace("-", "_"), path)
    spec = importlib.util.spec_from_loader(loader.name, loader)
    module = importlib.util.module_from_spec(spec)
    keep, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    loader.exec_module(module)
    sys.dont_write_bytecode = keep
    return module


class Project:
    """Sources that share tables of kinds, a policy, facts and flags. Paths are from the root."""

    # Where frama/flow/believed.list is: with the programs, unless the project is a tree of its own.
    method_root = TREE

    def __init__(self, root, folders, flags, policies, kinds, facts):
        self.root, self.folders, self.flags = root, folders, flags
        self.policies, self.kinds, self.facts_file = policies, kinds, facts

    def read(self, path):
        with open(os.path.join(self.root, path), encoding="utf-8") as file:
            return re.sub(r"/\*.*?\*/|//[^\n]*", " ", file.read(), flags=re.S)

    def sources(self, endings):
        for folder in self.folders:
            for place, _, names in sorted(os.walk(os.path.join(self.root, folder))):
                inside = os.path.relpath(place, self.root)
                if "tests" in os.path.relpath(place, os.path.join(self.root, folder)).split("/"):
                    continue
                for name in sorted(names):
                    if name.endswith(endings):
                        yield os.path.normpath(os.path.join(inside, name))

    def facts(self):
        """(words, why) of each line of the facts' file."""
        if not self.facts_file:
            return []
        try:
            return beliefs.read_rows(os.path.join(self.root, self.facts_file), self.facts_file)
        except beliefs.WrongList as wrong:
            raise WrongProject(str(wrong)) from wrong

    def named(self, word):
        """The names that the policies' rows of this word give."""
        lines = [line.split("#")[0].split() for path in self.policies
                 for line in open(os.path.join(self.root, path), encoding="utf-8")]
        return [words[1] for words in lines if len(words) == 2 and words[0] == word]

    def carriers(self):
        return self.named("carrier")


def find_names(project):
    """Functions that take a token, and the kinds that carriers hold."""
    carriers, functions, held = set(project.carriers()), set(), set()
    for path in project.sources((".c", ".h", ".def")):
        text = project.read(path)
        for tag, body in re.findall(r"\bstruct (\w+) \{([^{}]*)\}", text):
            if tag in carriers:
                held.update(re.findall(r"\bCAP\((\w+)\)\s+\w+;", body))
        for name in re.findall(r"\b(?!(?:sizeof|__typeof__)\b)(\w+)\([^;{}()]*CAP\(\w+\)", text):
            functions.add(name)
        # Rows of the gates' table: the type and the name of a parameter stand in brackets.
        for name in re.findall(r"\bCORE_PRIVILEGED\d\(\w+,\s*[\w ]+\*?,\s*(\w+),\s*\(CAP", text):
            functions.update((name, f"core_do_{name}"))
    return {name for name in functions if not name.isupper()}, held


def files_with_tokens(project):
    """The C files that name a token's type, an operation on tokens, a struct that carries them, a
    member of such a variable, or a function that takes a token. Handing on the address of a carrier
    that is no struct of its own file (&core_heap) is not yet a use of its token."""
    functions, held = find_names(project)
    carriers = "|".join(map(re.escape, sorted(project.carriers()))) or "-"
    variables = set()
    for path in project.sources((".c", ".h")):
        variables.update(re.findall(rf"\bstruct (?:{carriers}) (\w+)(?:\[\d*\])?(?: = [^;]*)?;",
                                    project.read(path)))
    mention = re.compile(
        r"\bCAP\(|\bstruct cap_\w+|core_calls\.def|"
        r"\bcap_(?:mint|validate|wield|delegate|attenuate|is_valid|granted|revoke_one)\b|"
        + rf"\bstruct (?:{carriers})\b|"
        + rf"\b(?:{'|'.join(map(re.escape, sorted(variables))) or '-'})(?:\[[^]]*\])?\.|"
        + rf"\b(?:{'|'.join(map(re.escape, sorted(functions))) or '-'})\b")

    def body(path):
        return re.sub(r"^#include.*(?<!core_calls\.def>)$", "", project.read(path), flags=re.M)

    return [path for path in project.sources((".c",)) if mention.search(body(path))], held


def path_of_frama_c(which):
    """Its folder of that kind: lib or share."""
    return subprocess.run(["frama-c", f"-print-{which}-path"], capture_output=True, text=True,
                          check=True).stdout.strip()


def build_plugin(cache):
    """The plug-in, compiled; it is built once, since two at a time would be in each other's way."""
    source = os.path.join(HERE, "flow", "flow.ml")
    with open(source, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()[:12]
    folder = os.path.join(cache, f"plugin-{digest}")
    module = os.path.join(folder, "token_flow.cmxs")
    if not os.path.exists(module):
        library = path_of_frama_c("lib")
        os.makedirs(folder, exist_ok=True)
        with open(source, encoding="utf-8") as file, \
                open(os.path.join(folder, "token_flow.ml"), "w", encoding="utf-8") as copy:
            copy.write(file.read())
        done = subprocess.run(["ocamlfind", "ocamlopt", "-shared", "-I", library, "-package",
                               PACKAGES, "-o", "token_flow.cmxs", "token_flow.ml"], cwd=folder,
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise WrongProject(f"the plug-in does not compile: {done.stderr.strip()}")
    return module


def share_with_plain_floats(cache, version):
    """WP's shared files with frama/flow/cfloat.mlw in the place of its own theory of floats."""
    with open(os.path.join(HERE, "flow", "cfloat.mlw"), encoding="utf-8") as file:
        floats = file.read()
    digest = hashlib.sha256((floats + version).encode()).hexdigest()[:12]
    folder = os.path.join(cache, f"share-{digest}")
    if not os.path.isdir(folder):
        installed = os.path.join(path_of_frama_c("share"), "wp")
        # Other runs may make it at the same time: it appears whole, and the first one's stays.
        made = tempfile.mkdtemp(dir=cache)
        shutil.copytree(installed, made, dirs_exist_ok=True)
        with open(os.path.join(made, "why3", "frama_c_wp", "cfloat.mlw"), "w",
                  encoding="utf-8") as file:
            file.write(floats)
        driver = os.path.join(made, "wp.driver")
        with open(driver, encoding="utf-8") as file:
            libraries = re.sub(r"^library cfloat:.*$", "library cfloat:", file.read(), flags=re.M)
        with open(driver, "w", encoding="utf-8") as file:
            file.write(libraries)
        try:
            os.rename(made, folder)
        except OSError:
            shutil.rmtree(made)
    return folder


def read_kinds(project):
    """The kinds and edges of the library's table and the project's own."""
    policy, kinds, edges = load_tool("make-policy"), [], []
    try:
        for path in [policy.KINDS, *(os.path.join(project.root, kind) for kind in project.kinds)]:
            more_kinds, more_edges = policy.read_table(path)
            kinds, edges = kinds + more_kinds, edges + more_edges
    except policy.WrongInput as wrong:
        raise WrongProject(str(wrong)) from wrong
    return kinds, edges


def write_facts(project, cache, held):
    """What the plug-in reads, as a file in the cache. Returns its path."""
    facts = [f"carrier {tag}" for tag in project.carriers()]
    facts += [f"validates {name}" for name in project.named("validates")]
    facts += [f"held {kind}" for kind in sorted(held)]
    facts += [" ".join(words) for words, _ in project.facts() if words[0] in PLUGIN_WORDS]
    text = "\n".join(facts) + "\n"
    path = os.path.join(cache, f"flow-{hashlib.sha256(text.encode()).hexdigest()[:12]}.facts")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def return_void(text):
    """`return f();` in a function without a result is GNU C, and not Frama-C's."""
    return re.sub(r"(\bvoid core_\w+\([^;{}]*\)\s*\{(?:[^{}]|\{[^{}]*\})*?)"
                  r"\breturn (core_do_\w+\([^;]*\));", r"\1\2;", text)


def library_of_frama_c():
    """The folder of its headers of the C library."""
    return os.path.join(path_of_frama_c("share"), "libc")


class Prover:
    """Proves the files of one project."""

    def __init__(self, project, options, cache, environment, version):
        self.project, self.options, self.cache = project, options, cache
        self.environment, self.version = environment, version
        self.files, held = files_with_tokens(project)
        self.left_out = set()
        for words, why in project.facts():
            if words[0] == "not-proved" and words[1] in self.files:
                print(f"{FLOW}: not proved: {words[1]}: {why}")
                self.files.remove(words[1])
                self.left_out.add(tuple(words))
        self.facts = write_facts(project, cache, held)
        kinds, edges = read_kinds(project)
        acsl = load_tool("make-acsl")
        self.predicates = acsl.predicates(kinds, False)
        self.contracts = list(acsl.contracts(kinds, edges))
        self.plugin = build_plugin(cache)
        self.library = library_of_frama_c()
        self.share = share_with_plain_floats(cache, version)

    def preprocess(self, file):
        command = ["gcc", "-E", "-D__FRAMAC__", "-D__FC_MACHDEP_X86_64", "-nostdinc",
                   "-isystem", self.library,
                   "-include", os.path.join(HERE, "flow", "tools.h"), "-include", "aramid/cap.h",
                   *[flag.replace("-Icaps", f"-I{TREE}/caps").replace(
                       "-Iannotations", f"-I{TREE}/annotations") for flag in LIBRARY],
                   *self.project.flags, file]
        done = subprocess.run(command, cwd=self.project.root, capture_output=True, text=True,
                              check=False)
        if done.returncode:
            return None, done.stderr
        # Annotations of the sources are for other targets; those of the kinds stand around them.
        return "\n".join([*self.predicates, return_void(done.stdout), *self.contracts]), ""

    def prove(self, file):
        name = f"{FLOW}:{file}"
        started = time.monotonic()
        result = {"name": name, "files": [file], "proved": 0, "goals": 1, "provers": {},
                  "believed": [], "said": [], "functions": {}, "relies": {}, "seconds": 0,
                  "takes": [], "proves": []}
        text, said = self.preprocess(file)
        if text is None:
            print(f"{file}: error: it cannot be read: {said.strip().splitlines()[0]}")
            return result
        recipe = " ".join([*RECIPE, os.path.basename(self.share)])
        digest = hashlib.sha256((text + self.version + recipe).encode())
        for path in (self.facts, self.plugin):
            with open(path, "rb") as opened:
                digest.update(opened.read())
        known = os.path.join(self.cache, f"{digest.hexdigest()}.json")
        if os.path.exists(known):
            with open(known, encoding="utf-8") as opened:
                result = json.load(opened)
            print(f"{name}: {result['proved']} of {result['goals']} goals proved (unchanged)",
                  flush=True)
            return result
        self.run(file, text, digest.hexdigest()[:8], result)
        result["seconds"] = round(time.monotonic() - started)
        if result["proved"] == result["goals"]:
            with open(known, "w", encoding="utf-8") as opened:
                json.dump(result, opened)
        print(f"{name}: {result['proved']} of {result['goals']} goals proved", flush=True)
        return result

    def run(self, file, text, mark, result):
        # Copies of the tree share the cache, also at the same time.
        base = os.path.join(self.cache, f"flow-{file.replace('/', '_')}-{mark}")
        with open(base + ".i", "w", encoding="utf-8") as opened:
            opened.write(text)
        command = ["frama-c", base + ".i", "-load-module", self.plugin, "-flow-facts", self.facts,
                   "-wp-share", self.share, *RECIPE, "-wp-timeout", str(self.options.timeout),
                   "-wp-steps", str(GOAL_STEPS), "-wp-par", "1", "-wp-cache-dir",
                   os.path.join(self.cache, "wp"), "-then", "-report-csv", base + ".csv"]
        done = subprocess.run(command, cwd=self.project.root, env=self.environment,
                              capture_output=True, text=True, check=False)
        log = done.stdout + done.stderr
        with open(base + ".log", "w", encoding="utf-8") as opened:
            opened.write(log)
        for place, what in re.findall(r"\[flow\] (\S+): \n?\s*(error: .*(?:\n  .*)*)", log):
            print(f"{place}: {' '.join(what.split())}")
        summary = re.search(r"\[wp\] Proved goals: +(\d+) */ *(\d+)", log)
        takes, proves = (re.search(rf"^(?:\[flow\]| ) {word} (.*)", log, re.M)
                         for word in ("believes", "proves"))
        if done.returncode or not summary or not proves or not takes or int(summary[2]) == 0:
            print(f"{file}: error: Frama-C proved nothing:")
            print(reason_in(log), end="")
            return
        result["proved"], result["goals"] = int(summary[1]), int(summary[2])
        result["takes"] = [belief for belief in takes[1].split(",") if belief]
        result["takes"] += [f"memory of {name}" for name in re.findall(
            r"Memory model hypotheses for function '(\w+)'", log)]
        result["proves"] = proves[1].split(",")
        result["provers"] = {name.strip(): int(count) for name, count in
                             re.findall(r"^  (Qed|CVC4 [\d.]+|Z3 [\d.]+): +(\d+)", log, re.M)}
        functions = result["functions"].setdefault(file, {})
        own = set(re.findall(r"^(?!\s|#|typedef).*?\b(\w+)\(", self.project.read(file), re.M))
        for goal, how in re.findall(r"Goal typed_(\S+) : (\w+)", log):
            function = re.split(r"_(?:call|ensures|loop_invariant|check|assert)_", goal)[0]
            if how == "Valid" and function in own:
                functions[function] = functions.get(function, 0) + 1
        if result["proved"] != result["goals"]:
            print("\n".join(sorted(open_goals(base + ".csv", file))))

    def judge_beliefs(self, results):
        """What the files' proofs rest on, as a result of its own."""
        try:
            judge = beliefs.Beliefs(self.project, self.files, RECIPE)
        except beliefs.WrongList as wrong:
            raise WrongProject(str(wrong)) from wrong
        judge.needed |= self.left_out
        for result in results:
            judge.look_at(result["files"][0], result)
        if len(results) == len(self.files):
            judge.look_at_all(results)
        return judge.result()


EVA_RECIPE = ["-machdep", "gcc_x86_64", "-c11", "-kernel-warn-key", "asm:clobber=inactive", "-eva",
              "-main", "drive", "-eva-precision", "0", "-eva-plevel", "20",
              "-eva-widening-period", "1",
              "-eva-no-show-progress", "-eva-msg-key=-initial-state,-final-states"]


MISSING = re.compile(r"Neither code nor specification for function (\w+)")


class ServiceDriver:
    """Eva on a service as a whole: where bytes go is no secret to it."""

    def __init__(self, root, logs, cache, environment, version):
        self.root, self.logs, self.cache = root, logs, cache
        self.environment, self.version = environment, version
        acsl = load_tool("make-acsl")
        policy = load_tool("make-policy")
        self.header = os.path.join(logs, "eva_kinds.h")
        with open(self.header, "w", encoding="utf-8") as file:
            file.write(acsl.make_header(*policy.read_table(policy.KINDS), True))
        with open(os.path.join(root, "analysis", "tree.policy"), encoding="utf-8") as file:
            self.rows = file.read()
        self.entitled = set(re.findall(r"^entitled (\w+) services/(\w+)/", self.rows, re.M))
        # What services may call.
        self.library = re.findall(r"^service-call (\S+) services/\*/", self.rows, re.M)
        self.may_recur = [words[1] for words, _ in tree_project(root).facts()
                          if words[0] == "recursive"]
        self.share = library_of_frama_c()

    def services(self):
        """The folders of services that are built."""
        place = os.path.join(self.root, "services")
        return sorted(name for name in os.listdir(place)
                      if os.path.exists(os.path.join(place, name, f"{name}.h")))

    def drive(self, service):
        """The program that calls the service's operations, by the class that its header names."""
        header = os.path.join(self.root, "services", service, f"{service}.h")
        with open(header, encoding="utf-8") as file:
            named = re.search(r"^#define (FS|DISK_FS|BLOCK|NET_DEVICE|NET_PROTOCOL)_SERVICE ", file.read(), re.MULTILINE)
        return os.path.join(HERE, "eva", f"drive_{named[1].lower()}.c")

    def is_port(self, file):
        """Whether a file is written on foreign code, which has no token: the object gate says so."""
        with open(os.path.join(self.root, file), encoding="utf-8") as opened:
            return "#include <lwip/" in opened.read()

    def prove(self, service):
        name = f"eva:{service}"
        folder = os.path.join("services", service)
        files = sorted(os.path.join(folder, file) for file in
                       os.listdir(os.path.join(self.root, folder)) if file.endswith(".c")
                       and not self.is_port(os.path.join(folder, file)))
        flags = self.flags(service)
        key = self.fingerprint([*files, self.drive(service)], flags)
        known = os.path.join(self.cache, f"{key}.json")
        if key and os.path.exists(known):
            with open(known, encoding="utf-8") as opened:
                result = json.load(opened)
            print(*result["said"], f"{name}: {result['proved']} of {result['goals']} goals proved, "
                  f"{result['reached']} % of the statements reached (unchanged)", sep="\n",
                  flush=True)
            return result
        result = {"name": name, "files": files, "proved": 0, "goals": 1, "provers": {},
                  "believed": [], "said": [], "functions": {}, "relies": {}, "seconds": 0,
                  "reached": 0}
        started = time.monotonic()
        self.run(service, flags, result)
        result["seconds"] = round(time.monotonic() - started)
        if key and result["proved"] == result["goals"]:
            with open(known, "w", encoding="utf-8") as opened:
                json.dump(result, opened)
        return result

    def flags(self, service):
        headers = subprocess.run(["gcc", "-print-file-name=include"], capture_output=True,
                                 text=True, check=True).stdout.strip()
        flags = [flag.replace("-Icaps", f"-I{TREE}/caps").replace(
            "-Iannotations", f"-I{TREE}/annotations") for flag in LIBRARY]
        flags += [flag for flag in KERNEL if "PROFILE_NAME" not in flag]
        return [*flags, "-idirafter", headers, f"-DDRIVEN={service}", "-include",
                os.path.join(HERE, "flow", "tools.h"), "-include", self.header]

    def fingerprint(self, files, flags):
        """What the result depends on, as a number; None if a file cannot be read."""
        library = ["-nostdinc", "-isystem", self.share, "-D__FRAMAC__", "-D__FC_MACHDEP_X86_64"]
        done = subprocess.run(["gcc", "-E", "-P", "-C", *library, *flags, *files], cwd=self.root,
                              capture_output=True, text=True, check=False)
        if done.returncode:
            return None
        facts = repr([self.version, EVA_RECIPE, self.rows, self.may_recur])
        digest = hashlib.sha256((facts + done.stdout).encode())
        with open(os.path.realpath(__file__), "rb") as file:
            digest.update(file.read())
        return digest.hexdigest()

    def run(self, service, flags, result):
        name = result["name"]
        table = os.path.join(self.logs, f"eva-{service}.csv")
        if os.path.exists(table):
            os.remove(table)
        done = subprocess.run(["frama-c", f"-cpp-extra-args={shlex.join(flags)}", *EVA_RECIPE,
                               *result["files"], self.drive(service), "-then", "-report",
                               "-then", "-report-csv", table], cwd=self.root,
                              env=dict(self.environment, PWD=self.root), capture_output=True,
                              text=True, check=False)
        log = done.stdout + done.stderr
        with open(os.path.join(self.logs, f"eva-{service}.log"), "w", encoding="utf-8") as file:
            file.write(log)
        reached = re.search(r"(\d+) statements reached \(out of (\d+)\): (\d+)% coverage", log)
        if done.returncode or not reached or not os.path.exists(table):
            print(f"{name}: error: Eva did not finish:")
            print(reason_in(log), end="")
            return
        result["reached"] = int(reached[3])
        with open(table, encoding="utf-8") as file:
            calls = re.findall(r"\t(core_\w+)\tprecondition of look_at_(\w+)\t([^\t]+)\t", file.read())
        self.judge(service, calls, log, result)
        # What is driven must be there: Eva takes a function without a body for one that does nothing.
        for function in sorted(set(MISSING.findall(log))):
            if any(fnmatch.fnmatch(function, pattern) for pattern in self.library):
                continue
            result["goals"] += 1
            print(f"services/{service}: error: Eva has no body of {function}")
        print(f"{name}: {result['proved']} of {result['goals']} goals proved, {reached[3]} % of "
              "the statements reached", flush=True)

    def judge(self, service, calls, log, result):
        """Each privileged call shows a genuine token, or there is none in a service that has no
        right; and what Eva could not exclude concerns no token."""
        def is_right(kind, status):
            return status == ("Valid" if (kind, service) in self.entitled else "Dead")

        forged = [(place, what) for place, what in re.findall(
            r"\[eva:alarm\] (\S+): Warning: \n?\s*(.*)", log)
                  if re.search(r"rights|\.pages\.|\.dma\.|\.registers\.|\.write\.|\.read\.|model", what)]
        result["goals"] = len(calls) + 1
        result["proved"] = sum(is_right(kind, status) for _, kind, status in calls) + (not forged)
        result["provers"] = {"Eva": result["proved"]}
        # Eva does not follow recursion: there it takes the function's `assigns` on trust.
        recursive = sorted(set(re.findall(r"detected recursive call of function (\w+)", log)))
        result["believed"] = [f"assigns of {name}, which is recursive" for name in recursive]
        for name in recursive:
            result["said"].append(f"eva:{service}: believed: assigns of {name}, which is recursive")
            print(result["said"][-1])
            if name not in self.may_recur:
                result["goals"] += 1
                print(f"services/{service}: error: {name} is recursive, but flow.list does not "
                      "allow it")
        for function, kind, status in calls:
            if not is_right(kind, status):
                print(f"services/{service}: error: {function} is shown a token that Eva does not "
                      f"know to be genuine: {status.lower()}")
        for place, what in forged:
            print(f"{place} error: {what}")
        if not calls:
            result["goals"] += 1
            print(f"services/{service}: error: Eva saw no privileged function")


def reason_in(log):
    """The end of Frama-C's log: from its error on, when it names one."""
    lines = log.splitlines(keepends=True)
    errors = [at for at, line in enumerate(lines) if "User Error" in line]
    return "".join(lines[errors[0] if errors else -6:])


def open_goals(table, file):
    """A line for each property that WP did not prove: its place, what is wrong, and the goal. What
    a function requires stands once more where it is called, and is said of the call."""
    said = {"postcondition": "may leave a carrier without a genuine token",
            "loop invariant": "may lose a genuine token in a loop",
            "effect": "acts before it validated the token that it was shown",
            "user check": "casts a pointer to a token, a carrier or their function"}
    with open(table, encoding="utf-8", newline="") as opened:
        rows = [row for row in csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE)
                if row["status"] == "Unknown" and row["property kind"] != "precondition"]
    for row in rows:
        kind = "effect" if row["property kind"] in said and "validated_" in row["property"] and \
            "genuine_" not in row["property"] else row["property kind"]
        callee = kind.removeprefix("precondition of ")
        what = said.get(kind, f"calls {callee} with a token or carrier that is not known to be "
                              "genuine")
        place = os.path.normpath(os.path.join(row["directory"], row["file"]))
        yield (f"{place}:{row['line']}: error: not proved: {row['function']} {what}: "
               f"{row['property'].removeprefix('flow: ')}")
    if not rows:
        yield f"{file}: error: not proved: WP says not which goal"


def tree_project(root):
    project = Project(root, ["arch", "kernel", "services"], KERNEL, ["analysis/tree.policy"], [],
                      "frama/flow/flow.list")
    project.method_root = root
    return project


def folder_project(folder, command=()):
    """A project that uses the library only: its C files, *.policy, *.def and *.flow. What it
    includes and defines is what a compile command says, if there is one."""
    if not os.path.isdir(folder):
        raise WrongProject(f"{folder}: no such folder")
    names = sorted(os.listdir(folder))
    if not any(name.endswith(".c") for name in names):
        raise WrongProject(f"{folder}: no C file")
    kinds = [name for name in names if name.endswith(".def") and "CAP_KIND(" in
             open(os.path.join(folder, name), encoding="utf-8").read()]
    flags = ["-DARAMID_PROFILE=BALANCED", "-I."]
    flags += [f"-DARAMID_CAP_PROJECT_KINDS=<{kinds[0]}>"] if kinds else []
    flags += shlex.split(os.environ.get("ARAMID_PROVE_FLAGS", ""))
    flags += [word for before, word in zip(("", *command), command)
              if re.match(r"-[ID](?!ARAMID_)", word) or "-isystem" in (before, word)]
    facts = [name for name in names if name.endswith(".flow")]
    return Project(os.path.realpath(folder), ["."], flags,
                   [name for name in names if name.endswith(".policy")], kinds,
                   facts[0] if facts else None)
