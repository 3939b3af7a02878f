# SPDX-License-Identifier: MIT
"""prove flow fails on each of a table of bugs in the flow of tokens, seeded into a copy."""
import os
import shutil
import subprocess

import pytest

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PROVE = os.path.join(ROOT, "frama", "prove")

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
    assert f"{file}: error: {said}" in done.stdout, done.stdout + done.stderr
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


def test_eva_sees_that_services_show_genuine_tokens_or_none():
    for service in ("tmpfs", "devfs"):
        done = prove(f"eva:{service}")
        assert done.returncode == 0, done.stdout
        assert f"eva:{service}: 3 of 3 goals proved" in done.stdout


def test_a_new_file_with_tokens_is_a_target_without_being_listed(tmp_path):
    copy_tree(tmp_path)
    new = tmp_path / "services" / "tmpfs" / "leak.c"
    new.write_text("#include <services/tmpfs/tmpfs.h>\n\nvoid tmpfs_leak(uint64_t object);\n\n"
                   "void tmpfs_leak(uint64_t object)\n{\n\tCAP(page_alloc) cap;\n\n"
                   "\tcore_store_destroy(cap, object);\n}\n")
    done = prove("flow:services/tmpfs/leak.c", "--root", str(tmp_path))
    assert done.returncode == 1
    assert "tmpfs_leak calls core_store_destroy with a token" in done.stdout


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
    for name in ("lister.c", "plugin.h", "rights.def", "consumer.policy"):
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
    assert last[0] == "proved" and last[1] == last[3] and int(last[1]) > 5
    assert refused.returncode == 1
    assert "conversion between function types" in " ".join(refused.stdout.split())
    assert hostile.returncode == 1
    for function in ("use_a_literal", "use_uninitialised_memory", "use_a_zeroed_carrier",
                     "use_a_static_carrier", "copy_another_kind", "cast_a_pointer",
                     "use_a_kept_token", "steal_a_neighbours_token"):
        assert f"hostile.c: error: not proved: {function} " in hostile.stdout


def test_a_folder_without_c_files_is_one_line_and_status_2(tmp_path):
    done = prove("--project", str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "no C file" in done.stderr
