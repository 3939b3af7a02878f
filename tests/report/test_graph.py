# SPDX-License-Identifier: MIT
"""The capability graph, of the kernel and of the consumer."""

import os
import xml.etree.ElementTree as ElementTree

import pytest
from conftest import CONSUMER, ROOT, consumer_database, consumer_policy
from test_corpus import path_without, run_check

NAMES = "{http://www.w3.org/2000/svg}"


def read_picture(path):
    """The classes of each node and edge of a picture, by its name."""
    found = {}
    for group in ElementTree.parse(path).iter(f"{NAMES}g"):
        words = group.get("class", "").split()
        if {"node", "edge"} & set(words):
            found.setdefault(group.find(f"{NAMES}title").text, set()).update(words)
    return found


def lines_of(picture):
    """The edges that name files and structs without their folders: (from, to, verb)."""
    return {(*(os.path.basename(end) for end in name.split("->")), verb)
            for name, words in picture.items() if "edge" in words
            for verb in ("mint", "steal", "fill", "read", "show", "hand") if verb in words}


@pytest.fixture(scope="module", name="kernel")
def _kernel():
    """The drawing of this tree."""
    from aramid_check import programs, units
    from report import draw

    built = programs.build_programs(False)
    policies = [str(path) for path in programs.own_policies([])]
    folder = os.getcwd()
    os.chdir(ROOT)
    try:
        drawing, unread = draw(units.tree_units(), built, policies, 2)
    finally:
        os.chdir(folder)
    assert unread == []
    return drawing


@pytest.fixture(name="kernel_lines")
def _kernel_lines(kernel, tmp_path):
    from report.picture import write_picture

    write_picture(tmp_path / "kernel.svg", kernel.picture)
    return lines_of(read_picture(tmp_path / "kernel.svg"))


def test_the_core_mints_at_boot_and_for_services_and_nowhere_else(kernel):
    made = {(function.file, function.name, kind, how)
            for (function, kind), (how, _) in kernel.graph.made.items()}
    assert made == {("kernel/main.c", "start_memory", "page_alloc", "mint"),
                    ("kernel/boundary/services.c", "rights_mint", "page_alloc", "mint"),
                    ("kernel/boundary/services.c", "rights_mint_disk_fs", "block_access", "mint"),
                    ("kernel/boundary/services.c", "rights_mint_protocol", "net_access", "mint"),
                    ("kernel/boundary/services.c", "rights_mint_disk_fs", "block_read", "mint"),
                    ("kernel/boundary/services.c", "rights_mint_driver", "device_registers", "mint"),
                    ("kernel/boundary/services.c", "rights_mint_driver", "dma_memory", "mint")}


def test_the_structs_that_hold_tokens_are_the_carriers_of_the_policy(kernel):
    listed = {line.split()[1] for line in (ROOT / "analysis/tree.policy").read_text().splitlines()
              if line.startswith("carrier ")}
    assert set(kernel.graph.carriers) == listed
    holder = kernel.graph.carriers["tmpfs_rights"]
    assert holder.fields == {"pages": "page_alloc"}
    assert holder.place.file == "services/tmpfs/tmpfs.h"


def test_tmpfs_reaches_what_the_gate_offers_and_nothing_behind_it(kernel):
    """Behind the gate the core acts with its own token."""
    reached = kernel.graph.reach("page_alloc")["services/tmpfs"]
    assert {function.name for function in reached} == {
        "core_store_reserve", "core_store_destroy",
        "core_do_core_store_reserve", "core_do_core_store_destroy"}


def test_a_file_system_on_disks_reaches_their_blocks_and_nothing_else(kernel):
    assert "services/ext2" not in kernel.graph.reach("page_alloc")
    for kind, calls in (("block_read", {"core_block_read"}),
                        ("block_access", {"core_block_write", "core_block_seal"})):
        reached = kernel.graph.reach(kind)
        assert {function.name for function in reached["services/ext2"]} == \
            calls | {f"core_do_{name}" for name in calls}
        assert not {place for place in reached if place.startswith("services/")} - {"services/ext2"}
    for kind in ("device_registers", "dma_memory"):
        assert "services/ext2" not in kernel.graph.reach(kind)


def test_a_driver_reaches_its_devices_and_no_page(kernel):
    """Each right leads through the gate to what the core does for it, and no file system has it."""
    drivers = {"services/virtio_blk", "services/virtio_net"}
    assert not drivers & set(kernel.graph.reach("page_alloc"))
    for kind, word in (("device_registers", "device"), ("dma_memory", "queue")):
        reached = kernel.graph.reach(kind)
        assert {room for room in reached if room.startswith("services/")} == drivers
        for driver in drivers:
            names = {function.name for function in reached[driver]}
            assert names and all(name.startswith((f"core_{word}_", f"core_do_core_{word}_"))
                                 for name in names), names


def test_the_core_reaches_the_page_allocator_through_several_units(kernel):
    reached = {function.name for function in kernel.graph.reach("page_alloc")["kernel/vfs"]}
    assert {"page_store_reserve", "page_tree_fill", "page_alloc", "page_put"} <= reached


@pytest.mark.parametrize("line", [
    ("kind page_alloc", "main.c", "mint"),
    ("kind page_alloc", "services.c", "mint"),
    ("main.c", "struct core_rights", "fill"),
    ("services.c", "struct service_rights", "fill"),
    ("struct service_rights", "tmpfs.c", "read"),
    ("tmpfs.c", "struct tmpfs_rights", "fill"),
    ("struct tmpfs_rights", "contents.c", "read"),
    ("contents.c", "core_calls.def", "show"),
    ("core_calls.def", "store_calls.c", "show"),
    ("struct core_rights", "store_calls.c", "read"),
    ("page_store.c", "page_tree.c", "show"),
    ("page_tree.c", "page_alloc.c", "show"),
    ("struct service_rights", "devfs.c", "hand"),
], ids=" ".join)
def test_the_kernels_picture_has_the_line(kernel_lines, line):
    assert line in kernel_lines


def test_a_service_that_keeps_nothing_shows_nothing(kernel_lines):
    assert not [line for line in kernel_lines if line[0] in ("devfs.c", "procfs.c", "chaos.c")]


def test_the_network_protocols_reach_frames_and_nothing_else(kernel):
    """And of them the one file that has the right: lwIP and what is written on it have none."""
    reached = kernel.graph.reach("net_access")
    calls = {"core_frame_send", "core_frame_receive"}
    assert {function.name for function in reached["services/inet"]} == \
        calls | {f"core_do_{name}" for name in calls}
    assert {room for room in reached if room.startswith("services/")} == {"services/inet"}


def test_each_kind_is_in_the_kernels_picture(kernel):
    assert kernel.others == []


def draw_consumer(folder, sources, **options):
    """The lines of the consumer's picture, drawn by the command."""
    done = run_check("--only", "sparse", "--policy", consumer_policy(folder), "--compdb",
                     consumer_database(folder, sources), "--graph", folder / "graph.svg", **options)
    assert done.returncode in (0, 1), done.stderr
    return lines_of(read_picture(folder / "graph.svg"))


@pytest.mark.parametrize("folder", [ROOT, CONSUMER], ids=["the root", "the project"])
def test_the_consumers_picture_says_who_has_what(tmp_path, folder):
    sources = [CONSUMER / name for name in ("host.c", "lister.c", "minter.c")]
    lines = draw_consumer(tmp_path, sources, cwd=folder)
    assert lines == {
        ("kind dir_read", "host.c", "mint"), ("kind port_open", "host.c", "mint"),
        ("kind process_spawn", "minter.c", "steal"),
        ("host.c", "struct plugin_rights", "fill"), ("struct plugin_rights", "lister.c", "read"),
        ("lister.c", "host.c", "show"), ("minter.c", "host.c", "show"),
        ("struct plugin_rights", "minter.c", "hand")}


PLANTED = """
#include "plugin.h"

struct hoard {
	struct { int count; } unrelated;
	CAP(port_open) stored;
};

static struct hoard hoard;

void keep(CAP(port_open) port);
int spend(struct hoard *kept);

void keep(CAP(port_open) port)
{
	hoard = (struct hoard){.stored = port};
}

int spend(struct hoard *kept)
{
	struct hoard copy = *kept;

	return host_open_port(copy.stored);
}
"""


def test_a_planted_holder_appears(tmp_path):
    planted = tmp_path / "planted.c"
    planted.write_text(PLANTED)
    lines = draw_consumer(tmp_path, [CONSUMER / "host.c", planted])
    assert {("planted.c", "struct hoard", "fill"), ("struct hoard", "planted.c", "read"),
            ("planted.c", "host.c", "show")} <= lines


THROUGH_POINTERS = """
#include "plugin.h"

struct operations {
	int (*open)(CAP(port_open) port);
};

static int open_quietly(CAP(port_open) port)
{
	cap_wield(port_open, port);
	return 0;
}

static int called_by_name(CAP(port_open) port)
{
	cap_wield(port_open, port);
	return 1;
}

const struct operations quiet = {.open = open_quietly};

int call(const struct operations *operations, CAP(port_open) port);
int direct(CAP(port_open) port);

int call(const struct operations *operations, CAP(port_open) port)
{
	return operations->open(port);
}

int direct(CAP(port_open) port)
{
	return called_by_name(port);
}
"""


def draw_sources(folder, text, *others):
    """The drawing of a text, and of other sources, as parts of the consumer."""
    from aramid_check import programs, units
    from report import draw

    source = folder / "planted.c"
    source.write_text(text)
    policies = [*programs.own_policies([]), consumer_policy(folder)]
    drawing, unread = draw(units.read_database(consumer_database(folder, [source, *others])),
                           programs.build_programs(False), policies, 1)
    assert unread == []
    return drawing


def test_a_call_through_a_pointer_reaches_what_is_offered_and_nothing_else(tmp_path):
    drawing = draw_sources(tmp_path, THROUGH_POINTERS)
    reached = {(caller.name, callee.name) for caller, callee, _, _ in drawing.graph.shows}
    assert reached == {("call", "open_quietly"), ("direct", "called_by_name")}


def test_kinds_that_no_source_names_are_named(tmp_path):
    drawing = draw_sources(tmp_path, THROUGH_POINTERS)
    assert "port_open" not in drawing.others
    assert {"process_spawn", "net_access", "page_alloc"} <= set(drawing.others)


RETURNED = """
#include "plugin.h"

CAP(port_open) pick(const struct plugin_rights *rights);
int use(const struct plugin_rights *rights);

CAP(port_open) pick(const struct plugin_rights *rights)
{
	return rights->port;
}

int use(const struct plugin_rights *rights)
{
	return host_open_port(pick(rights));
}
"""


def test_who_is_returned_a_token_holds_one(tmp_path):
    drawing = draw_sources(tmp_path, RETURNED, CONSUMER / "host.c")
    given = {(giver.name, taker.name, kind) for giver, taker, kind in drawing.graph.gives}
    assert given == {("pick", "use", "port_open")}
    reached = drawing.graph.reach("port_open")[str(tmp_path)]
    assert {function.name for function in reached} == {"host_open_port"}


class DoorPolicy:
    """One kind, and no file that may mint it."""

    def mints(self):
        """The one mint."""
        return {"cap_mint_door": "door"}

    def facts(self, _):
        """No edges."""
        return []

    def is_core_file(self, _):
        """None is."""
        return False


def fact(*words, file):
    """A fact at a file's first line."""
    from report.facts import Fact

    return Fact(*words, 1, file, file)


def test_in_a_program_of_one_folder_what_is_reached_is_said_file_by_file():
    from report.graph import make_graph

    graph = make_graph([fact("makes", "main", "cap_mint_door", "door", "-", file="main.c"),
                        fact("shows", "main", "open_door", "door", "-", file="main.c"),
                        fact("takes", "open_door", "global", "door", "-", file="door.c"),
                        fact("shows", "open_door", "cap_validate_door", "door", "-", file="door.c"),
                        fact("reads", "knock", "ring", "door", "-", file="ring.c")], DoorPolicy())
    reached = {file: {function.name for function in functions}
               for file, functions in graph.reach("door").items()}
    assert reached == {"main.c": {"open_door"}, "ring.c": set()}
    assert {function.name for function in graph.unlisted} == {"main"}


def test_a_large_program_is_drawn_folder_by_folder(tmp_path):
    from report.graph import make_graph
    from report.picture import lay_out, write_picture

    facts = []
    for number in range(400):
        file = f"room{number % 4}/part{number}.c"
        facts += [fact("takes", f"f{number}", "global", "door", "-", file=file),
                  fact("shows", f"f{number}", f"f{number * 7 % 400}", "door", "-", file=file)]
    write_picture(tmp_path / "large.svg", lay_out(make_graph(facts, DoorPolicy())))
    picture = read_picture(tmp_path / "large.svg")
    assert {name for name, words in picture.items() if "file" in words} == {
        f"room{number}" for number in range(4)}
    assert ("room1", "room3", "show") in lines_of(picture)


def test_a_name_in_the_source_stays_text_in_the_picture(tmp_path):
    hostile = tmp_path / "a<b>&\"c'.c"
    hostile.write_text(PLANTED)
    lines = draw_consumer(tmp_path, [CONSUMER / "host.c", hostile])
    assert (hostile.name, "struct hoard", "fill") in lines


CLEAN = ("--only", "sparse", "--files", "cap001_literal_argument.good.c")


@pytest.mark.parametrize("option", ["--graph", "--html"])
def test_without_graphviz_only_the_graph_is_refused_in_one_line(tmp_path, option):
    without = {"env": path_without(tmp_path, "dot")}
    done = run_check(*CLEAN, option, tmp_path / "graph", **without)
    assert done.returncode == 2
    assert done.stderr == "aramid check: dot is missing: install package graphviz\n"
    assert run_check(*CLEAN, **without).returncode == 0


def test_a_picture_that_cannot_be_written_is_status_2(tmp_path):
    done = run_check(*CLEAN, "--graph", tmp_path / "none/graph.svg")
    assert done.returncode == 2
    assert "graph.svg: No such file or directory" in done.stderr
