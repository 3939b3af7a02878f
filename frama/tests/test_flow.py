# SPDX-License-Identifier: MIT
"""prove flow fails on each of a table of bugs in the flow of tokens, seeded into a copy."""
import os
import re
import shutil
import subprocess
import sys

import pytest

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import beliefs  # noqa: E402
import token_flow  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(HERE))
PROVE = os.path.join(ROOT, "frama", "prove")

HEAP = "kernel/mm/heap.c"
INIT, CONTENTS = "services/tmpfs/tmpfs.c", "services/tmpfs/contents.c"
FILL = "tmpfs_rights.pages = rights->pages;"
DESTROY = "core_store_destroy(tmpfs_rights.pages, object);"
READ = "long tmpfs_read(uint64_t object, uint64_t offset, void *buffer, uint64_t size)\n{\n"

# The bug: the file, what stands there, and what the bug makes of it.
BUGS = {
    "carrier is filled with a literal": (INIT, FILL, "tmpfs_rights.pages = (CAP(page_alloc)){};"),
    "carrier is filled from uninitialised memory":
        (INIT, FILL, "CAP(page_alloc) fresh;\n\ttmpfs_rights.pages = fresh;"),
    "carrier is not filled": (INIT, FILL, ""),
    "carrier is filled too late":
        (INIT, FILL, "if (make_root())\n\t\treturn -1;\n\t" + FILL),
    "token of the neighbour is taken": (INIT, FILL, "tmpfs_rights.pages = rights[1].pages;"),
    "carrier is zeroed with memset":
        (INIT, FILL, FILL + "\n\tmemset(&tmpfs_rights, 0, sizeof(tmpfs_rights));"),
    "a byte of a carrier is written":
        (INIT, FILL, FILL + "\n\t((unsigned char *)&tmpfs_rights)[3] ^= 1;"),
    "another kind is cast":
        (INIT, FILL, "CAP(net_access) other;\n"
         "\ttmpfs_rights.pages = *(CAP(page_alloc) *)&other;"),
    "another kind goes through a union":
        (INIT, FILL, "union { CAP(net_access) from; CAP(page_alloc) to; } disguise;\n"
         "\ttmpfs_rights.pages = disguise.to;"),
    "a carrier's address becomes a number":
        (INIT, FILL, "tmpfs_rights.pages = "
         "((const struct service_rights *)((uint64_t)rights + 16))->pages;"),
    "token at the call is a literal":
        (CONTENTS, DESTROY, "core_store_destroy((CAP(page_alloc)){}, object);"),
    "token at the call is uninitialised":
        (CONTENTS, DESTROY, "CAP(page_alloc) cap;\n\tcore_store_destroy(cap, object);"),
    "token is a static":
        (CONTENTS, DESTROY, "static CAP(page_alloc) kept;\n\tcore_store_destroy(kept, object);"),
    "carrier is a static that nobody fills":
        (CONTENTS, DESTROY, "static struct tmpfs_rights never;\n"
         "\tcore_store_destroy(never.pages, object);"),
    "carrier was just allocated":
        (CONTENTS, DESTROY, "struct tmpfs_rights *mine = core_alloc(sizeof(*mine));\n"
         "\tcore_store_destroy(mine->pages, object);"),
    "function loses its token on the way to a pointer":
        (CONTENTS, DESTROY, "((void (*)(uint64_t))core_store_destroy)(object);"),
    "carrier is overwritten": (CONTENTS, READ, READ + "\ttmpfs_rights.pages = "
                               "(CAP(page_alloc)){};\n"),
    "token is set on one way only":
        (CONTENTS, DESTROY, "CAP(page_alloc) cap;\n\tif (object > 9)\n"
         "\t\tcap = tmpfs_rights.pages;\n\tcore_store_destroy(cap, object);"),
    "token is lost in a loop":
        (CONTENTS, DESTROY, "CAP(page_alloc) cap = tmpfs_rights.pages;\n"
         "\tfor (int i = 0; i < 2; i++) {\n\t\tcore_store_destroy(cap, object);\n"
         "\t\tcap = (CAP(page_alloc)){};\n\t}"),
    "token is read at a number":
        (CONTENTS, DESTROY, "core_store_destroy(*(CAP(page_alloc) *)object, object);"),
    "carrier is read at a number":
        (CONTENTS, DESTROY, "core_store_destroy(((struct tmpfs_rights *)object)->pages, object);"),
    "core shows a literal":
        ("kernel/vfs/store_calls.c", "page_store_destroy(core_rights.pages,",
         "page_store_destroy((CAP(page_alloc)){},"),
    "heap is made before the mint":
        ("kernel/main.c", "\tcore_rights.pages = cap_mint(page_alloc, CAP_OWNER_CORE);\n", ""),
    "services are handed an empty carrier":
        ("kernel/boundary/services.c", "\trights->pages = cap_mint(page_alloc, service->owner);\n",
         ""),
    "heap is made of the right before the mint":
        ("kernel/main.c", "\tcore_rights.pages = cap_mint(page_alloc, CAP_OWNER_CORE);\n"
         "\tpage_alloc_init(usable, count, &held);\n"
         "\theap_init(&core_heap, core_rights.pages, UINT64_MAX);\n",
         "\theap_init(&core_heap, core_rights.pages, UINT64_MAX);\n"
         "\tcore_rights.pages = cap_mint(page_alloc, CAP_OWNER_CORE);\n"
         "\tpage_alloc_init(usable, count, &held);\n"),
    "heap is made of a literal":
        (HEAP, "\theap->pages = pages;\n", "\theap->pages = (CAP(page_alloc)){};\n"),
    "heap does not keep its right": (HEAP, "\theap->pages = pages;\n", ""),
    "heap loses its right when it is emptied":
        (HEAP, "\theap->page_count = 0;\n\theap->object_count = 0;\n\tspin_unlock",
         "\theap->pages = (CAP(page_alloc)){};\n\tspin_unlock"),
    "heap's right is lost while it grows":
        (HEAP, "\t\tif (!add_slab(heap, size_class))",
         "\t\theap->pages = (CAP(page_alloc)){};\n\t\tif (!add_slab(heap, size_class))"),
    "pages come of a heap that nobody filled":
        ("kernel/vfs/pipe.c", "\tstruct pipe *pipe = heap_alloc(&core_heap, sizeof(*pipe));",
         "\tstatic struct heap mine;\n\tstruct pipe *pipe = heap_alloc(&mine, sizeof(*pipe));"),
    "pages of shared memory come of a literal":
        ("kernel/mm/shared_memory.c", "\tcap_wield(page_alloc, core_rights.pages);\n\tfound",
         "\tcap_wield(page_alloc, (CAP(page_alloc)){});\n\tfound"),
    "contents are given back with a token of the stack":
        ("kernel/vfs/vnode_contents.c", "\tfor (unsigned int i = 0; i < batch->count; i++)\n"
         "\t\tif (batch->pages[i])\n\t\t\tpage_put(core_rights.pages,",
         "\tCAP(page_alloc) cap;\n\tfor (unsigned int i = 0; i < batch->count; i++)\n"
         "\t\tif (batch->pages[i])\n\t\t\tpage_put(cap,"),
    "page is held without validating":
        ("kernel/mm/page_alloc.c", "\tcap_validate(page_alloc, cap);\n\tpage_run_get(page);",
         "\tpage_run_get(page);"),
    "page is taken before the token is validated":
        ("kernel/mm/page_alloc.c", "\tcap_validate(page_alloc, cap);\n"
         "\tpage = page_run_take(order, PAGE_CORE);\n",
         "\tpage = page_run_take(order, PAGE_CORE);\n\tcap_validate(page_alloc, cap);\n"),
    "contents are destroyed without validating":
        ("kernel/vfs/page_store.c", "\tcap_validate(page_alloc, cap);\n"
         "\tstore = page_store_find(service, object);",
         "\tstore = page_store_find(service, object);"),
    "store is locked before the token is validated":
        ("kernel/vfs/page_store.c",
         "\tcap_validate(page_alloc, cap);\n\tspin_lock(&store->lock);\n",
         "\tspin_lock(&store->lock);\n\tcap_validate(page_alloc, cap);\n"),
    "another token is validated than is shown":
        ("kernel/mm/page_alloc.c", "\tcap_validate(page_alloc, cap);\n\tpage_run_get(page);",
         "\tcap_validate(page_alloc, core_rights.pages);\n\tpage_run_get(page);"),
}

# Each takes a few seconds: the long form (ARAMID_LONG=1) runs all.
SHORT = ("carrier is not filled", "carrier is zeroed with memset",
         "token of the neighbour is taken", "token is set on one way only",
         "function loses its token on the way to a pointer")
LONG = os.environ.get("ARAMID_LONG") == "1"
BUGS_NOW = BUGS if LONG else SHORT


def prove(*arguments):
    return subprocess.run([PROVE, *arguments], capture_output=True, text=True, check=False)


def copy_tree(to):
    for folder in ("arch", "kernel", "services", "frama"):
        shutil.copytree(os.path.join(ROOT, folder), to / folder)
    (to / "analysis").mkdir()
    shutil.copy(os.path.join(ROOT, "analysis", "tree.policy"), to / "analysis")


@pytest.mark.parametrize("bug", BUGS_NOW)
def test_a_bug_in_the_flow_of_tokens_is_not_proved(bug, tmp_path):
    file, before, after = BUGS[bug]
    copy_tree(tmp_path)
    text = (tmp_path / file).read_text()
    assert before in text
    (tmp_path / file).write_text(text.replace(before, after, 1))
    done = prove(f"flow:{file}", "--root", str(tmp_path))
    last = done.stdout.splitlines()[-1].split()
    assert done.returncode == 1
    # A function type with fewer parameters is no program for Frama-C.
    said = "Frama-C proved nothing" if "on the way to a pointer" in bug else "not proved: "
    assert re.search(rf"^{file}:(?:\d+:)? error: {said}", done.stdout, re.M), done.stdout
    assert int(last[1]) < int(last[3])


# What only Eva sees: the target is the service as a whole.
BYTES = {
    "bytes are copied into the carrier":
        "\n\tstatic const char forged[] = \"forged\";\n"
        "\tmemcpy(&tmpfs_rights, forged, sizeof(tmpfs_rights));",
    "carrier is zeroed inside a larger struct":
        "\n\tstruct { struct tmpfs_rights rights; int more; } outer = {.more = 1};\n"
        "\tmemset(&outer, 0, sizeof(outer));\n\ttmpfs_rights = outer.rights;",
    "a number is written through a union":
        "\n\tunion { unsigned int number; CAP(page_alloc) token; } disguise = {.number = 7};\n"
        "\ttmpfs_rights.pages = disguise.token;",
}


@pytest.mark.parametrize("bug", BYTES if LONG else list(BYTES)[:1])
def test_eva_sees_where_bytes_go(bug, tmp_path):
    copy_tree(tmp_path)
    text = (tmp_path / INIT).read_text()
    assert FILL in text
    (tmp_path / INIT).write_text(text.replace(FILL, FILL + BYTES[bug], 1))
    done = prove("eva:tmpfs", "--root", str(tmp_path))
    assert done.returncode == 1
    assert "is shown a token that Eva does not know to be genuine" in done.stdout, done.stdout


# The same of a file system on disks: Eva takes a minute for each.
LOGGED = "\tint error = ext2_log(fs, offset, &rank);\n"
BYTES_OF_DISKS = {
    "bytes of a device are copied into the carrier":
        ("services/ext2/device.c", LOGGED, LOGGED + "\n\tif (offset == 7)\n"
         "\t\tmemcpy(&ext2_rights, from, sizeof(ext2_rights));"),
}


@pytest.mark.skipif(not LONG, reason="a minute of Eva: ARAMID_LONG=1")
@pytest.mark.parametrize("bug", BYTES_OF_DISKS)
def test_eva_sees_where_bytes_of_disks_go(bug, tmp_path):
    file, before, after = BYTES_OF_DISKS[bug]
    copy_tree(tmp_path)
    text = (tmp_path / file).read_text()
    assert before in text
    (tmp_path / file).write_text(text.replace(before, after, 1))
    done = prove("eva:ext2", "--root", str(tmp_path))
    assert done.returncode == 1
    assert "is shown a token that Eva does not know to be genuine" in done.stdout, done.stdout


def test_eva_sees_that_services_show_genuine_tokens_or_none():
    for service in ("tmpfs", "devfs", "virtio_blk", "virtio_net"):
        done = prove(f"eva:{service}")
        assert done.returncode == 0, done.stdout
        # One for each call of the core that takes a token.
        proved = re.search(rf"^eva:{service}: (\d+) of \1 goals proved", done.stdout, re.M)
        assert proved and int(proved[1]) >= 15, done.stdout


def test_a_new_file_with_tokens_is_a_target_without_being_listed(tmp_path):
    copy_tree(tmp_path)
    new = tmp_path / "services" / "tmpfs" / "leak.c"
    new.write_text("#include <services/tmpfs/tmpfs.h>\n\nvoid tmpfs_leak(uint64_t object);\n\n"
                   "void tmpfs_leak(uint64_t object)\n{\n\tCAP(page_alloc) cap;\n\n"
                   "\tcore_store_destroy(cap, object);\n}\n")
    done = prove("flow:services/tmpfs/leak.c", "--root", str(tmp_path))
    assert done.returncode == 1
    assert "tmpfs_leak calls core_store_destroy with a token" in done.stdout


def test_an_operator_on_a_token_is_no_function_that_takes_one():
    names, _ = token_flow.find_names(token_flow.tree_project(ROOT))
    assert "core_store_destroy" in names and not names & {"sizeof", "__typeof__"}


# A change to a list of beliefs, and what is then said of a file whose proof stands.
METHOD, FACTS = "frama/flow/believed.list", "frama/flow/flow.list"
UNLISTED = {
    "an admitted fact": (METHOD, "^admit frame .*\n", "", f"{INIT}: error: admit frame: believed"),
    "a function that is defined nowhere":
        (FACTS, "^defined core_.*\n", "", f"{INIT}: error: function core_alloc: believed"),
    "a macro": (METHOD, "^macro __atomic_load_n .*\n", "",
                f"macro __atomic_load_n: error: believed, but {METHOD} does not allow it"),
    "an option of the recipe":
        (METHOD, "^option -wp-no-init-const .*\n", "",
         f"option -wp-no-init-const: error: believed, but {METHOD} does not allow it"),
    "a macro that there is no more":
        (METHOD, "^macro _Noreturn", "macro gone | why\nmacro _Noreturn",
         f"{METHOD}: error: 'macro gone': there is no such macro"),
}


@pytest.mark.parametrize("what", UNLISTED)
def test_what_no_list_of_beliefs_allows_fails_the_proof(what, tmp_path):
    name, row, instead, said = UNLISTED[what]
    copy_tree(tmp_path)
    changed, count = re.subn(row, instead, (tmp_path / name).read_text(), flags=re.M)
    (tmp_path / name).write_text(changed)
    done = prove(f"flow:{INIT}", "--root", str(tmp_path))
    last = done.stdout.splitlines()[-1].split()
    assert count == 1 and done.returncode == 1
    assert said in done.stdout, done.stdout + done.stderr
    assert int(last[3]) > int(last[1]) > 0


def test_a_row_that_nothing_needs_fails_the_proof_of_all_files(tmp_path):
    copy_tree(tmp_path)
    with open(tmp_path / FACTS, "a", encoding="utf-8") as file:
        file.write("believes nobody | an idle row\n")
    judge = beliefs.Beliefs(token_flow.tree_project(str(tmp_path)), [INIT], token_flow.RECIPE)
    judge.look_at_all([{"files": [INIT], "takes": [], "proves": []}])
    assert f"{FACTS}: error: nothing needs the row 'believes nobody'" in judge.errors


def test_a_function_that_is_proved_of_no_file_is_not_taken_for_proved(tmp_path):
    copy_tree(tmp_path)
    judge = beliefs.Beliefs(token_flow.tree_project(str(tmp_path)), [INIT], token_flow.RECIPE)
    judge.look_at_all([{"files": [INIT], "takes": ["function tmpfs_init"], "proves": []}])
    assert f"{INIT}: error: tmpfs_init is not among what is proved of it" in judge.errors


def test_a_fact_without_a_reason_is_refused(tmp_path):
    copy_tree(tmp_path)
    with open(tmp_path / "frama" / "flow" / "flow.list", "a", encoding="utf-8") as file:
        file.write("trust service heap\n")
    done = prove("flow:services/tmpfs/tmpfs.c", "--root", str(tmp_path))
    assert done.returncode == 2
    assert "no reason behind 'trust service heap'" in done.stderr


def test_a_project_with_only_the_library_is_proved_and_its_hostile_file_is_not(
        tmp_path, tmp_path_factory, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    for name in ("host.c", "lister.c", "plugin.h", "rights.def", "consumer.policy"):
        shutil.copy(os.path.join(ROOT, "tests", "consumer", name), tmp_path)
    honest = prove("--project", str(tmp_path))
    with open(os.path.join(ROOT, "tests", "consumer", "hostile.c"), encoding="utf-8") as file:
        text = file.read()
    (tmp_path / "hostile.c").write_text(text)
    refused = prove("--project", str(tmp_path))
    # Without the cast that Frama-C refuses to read, each of the others is named.
    (tmp_path / "hostile.c").write_text(text.replace("(int (*)(void))host_spawn", "0"))
    hostile = prove("--project", str(tmp_path))
    last = honest.stdout.splitlines()[-1].split()
    assert honest.returncode == 0, honest.stdout + honest.stderr
    assert last[0] == "proved" and last[1] == last[3] and int(last[1]) > 30
    assert re.search(r"^flow:host.c: (\d+) of \1 goals proved$", honest.stdout, re.M)
    assert refused.returncode == 1
    assert "conversion between function types" in " ".join(refused.stdout.split())
    assert hostile.returncode == 1
    for function in ("use_a_literal", "use_uninitialised_memory", "use_a_zeroed_carrier",
                     "use_a_static_carrier", "copy_another_kind", "cast_a_pointer",
                     "use_a_kept_token", "steal_a_neighbours_token"):
        assert re.search(rf"^hostile.c:\d+: error: not proved: {function} ", hostile.stdout, re.M)


# What the build says of a good change and of a bad one; the file is a service's own.
GOOD = (FILL, FILL + "\n\ttmpfs_rights.pages = rights->pages;")


def test_the_build_proves_what_it_compiles_when_it_is_told_to(tmp_path):
    copy_tree(tmp_path)
    for name in ("annotations", "caps", "cmake", "tools", "packages.list"):
        os.symlink(os.path.join(ROOT, name), tmp_path / name)
    # The programs are those of this tree, and so is what they keep of earlier proofs, and what was
    # unpacked of Debian's.
    shutil.rmtree(tmp_path / "frama")
    os.symlink(os.path.join(ROOT, "frama"), tmp_path / "frama")
    shutil.copy(os.path.join(ROOT, "CMakeLists.txt"), tmp_path)
    build, text = tmp_path / "build", (tmp_path / INIT).read_text()
    sources = os.path.join(ROOT, "build", "debian-sources")
    os.makedirs(sources, exist_ok=True)
    build.mkdir()
    os.symlink(sources, build / "debian-sources")

    def make():
        return subprocess.run(["ninja", "-C", str(build), f"CMakeFiles/service_tmpfs.dir/{INIT}.o"],
                              capture_output=True, text=True, check=False)

    configured = subprocess.run(
        ["cmake", "-S", str(tmp_path), "-B", str(build), "-G", "Ninja", "-DARAMID_PROVE_FLOW=ON",
         "-DARAMID_PROFILE=PERFORMANCE", "-DCMAKE_C_COMPILER=clang-19",
         "-DCMAKE_ASM_COMPILER=clang-19"], capture_output=True, text=True, check=False)
    assert configured.returncode == 0, configured.stderr
    (tmp_path / INIT).write_text(text.replace(*GOOD, 1))
    good = make()
    (tmp_path / INIT).write_text(text.replace(FILL, "", 1))
    bad = make()
    (tmp_path / INIT).write_text(text)
    again = make()
    assert good.returncode == 0, good.stdout
    assert bad.returncode != 0
    assert re.search(rf"^{INIT}:\d+: error: not proved: tmpfs_init calls make_root with a token "
                     r".*: genuine_page_alloc\(tmpfs_rights\.pages", bad.stdout, re.M), bad.stdout
    assert again.returncode == 0, again.stdout


def test_plain_floats_have_every_name_of_wps_own_and_no_axiom():
    heads = re.compile(r"^  (type|function|predicate|axiom|lemma) (\w+)", re.M)
    installed = os.path.join(token_flow.path_of_frama_c("share"), "wp", "why3", "frama_c_wp")
    with open(os.path.join(installed, "cfloat.mlw"), encoding="utf-8") as file:
        theirs = heads.findall(file.read())
    with open(os.path.join(ROOT, "frama", "flow", "cfloat.mlw"), encoding="utf-8") as file:
        ours = heads.findall(file.read())
    # Rounding towards a mode that ACSL names: no contract of tokens does.
    wanted = {head for head in theirs if head[0] not in ("axiom", "lemma")
              and not re.match(r"(?:round|delta|error)_", head[1])}
    assert len(wanted) > 40
    assert set(ours) == wanted


def test_a_folder_without_c_files_is_one_line_and_status_2(tmp_path):
    done = prove("--project", str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "no C file" in done.stderr
