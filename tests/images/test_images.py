# SPDX-License-Identifier: MIT
"""What is in the linked images, and what must not be: read with llvm's tools, both compilers."""

import functools
import os
import re
import subprocess
import tempfile

import guest
import pytest

COMPILERS = ("clang", "gcc")
# In profiles without containment these are no symbols of the image, and nothing calls them.
CONTAINMENT = ("call_service", "boundary_run", "boundary_enter", "_Unwind_RaiseException",
               "_Unwind_ForcedUnwind", "unw_step")


def tool(name, *arguments):
    return subprocess.run([name, *arguments], check=True, text=True,
                          stdout=subprocess.PIPE).stdout


@functools.lru_cache(maxsize=None)
def image(profile, compiler):
    path = os.path.join(guest.ROOT, "build", f"{profile}-{compiler}", "kernel", "aramid.elf")
    assert os.path.isfile(path), f"{path} is not built: tests/run build"
    return path


@functools.lru_cache(maxsize=None)
def sections(profile, compiler):
    """{name: size} of the image's sections."""
    text = tool("llvm-readelf-19", "-SW", image(profile, compiler))
    rows = re.findall(r"^ *\[ *\d+\] (\S+) +\S+ +[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+)", text,
                      re.MULTILINE)
    return {name: int(size, 16) for name, size in rows}


@functools.lru_cache(maxsize=None)
def symbols(profile, compiler):
    text = tool("llvm-nm-19", "--defined-only", image(profile, compiler))
    return {line.split()[-1] for line in text.splitlines()}


@functools.lru_cache(maxsize=None)
def disassembly(profile, compiler):
    return tool("llvm-objdump-19", "-d", "--no-show-raw-insn", image(profile, compiler))


def functions(profile, compiler):
    """{function: its instructions} of the image."""
    parts = re.split(r"^[0-9a-f]+ <([^>]+)>:$", disassembly(profile, compiler),
                     flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def services_and_operations():
    """The names from the two tables that everything else is derived from."""
    with open(os.path.join(guest.ROOT, "services", "manifest.h"), encoding="utf-8") as table:
        services = re.findall(r"\bROW\(extra, (\w+), (?:ALWAYS|OPTION)", table.read())
    path = os.path.join(guest.ROOT, "kernel", "vfs", "fs_operations.def")
    with open(path, encoding="utf-8") as table:
        operations = re.findall(r"^OPERATION\d\((\w+),", table.read(), re.MULTILINE)
    assert "tmpfs" in services and "lookup" in operations
    return services, operations


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("profile", guest.CONTAINING)
def test_containing_profiles_keep_unwind_tables_and_their_header(profile, compiler):
    found = sections(profile, compiler)
    assert found.get(".eh_frame", 0) > 10000
    assert found.get(".eh_frame_hdr", 0) > 1000


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("profile", guest.CONTAINING)
def test_containing_profiles_have_landing_pads(profile, compiler):
    assert sections(profile, compiler).get(".gcc_except_table", 0) > 0
    assert {"call_service", "boundary_enter", "begin_panic"} <= symbols(profile, compiler)
    # A personality reads the landing pads; an augmentation "zPLR" names it in a CIE.
    frames = tool("llvm-dwarfdump-19", "--eh-frame", image(profile, compiler))
    assert re.search(r'Augmentation: +"zP', frames)


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("profile", guest.ABORTING)
def test_aborting_profiles_have_no_unwind_tables_and_no_landing_pads(profile, compiler):
    found = sections(profile, compiler)
    assert not {".eh_frame", ".eh_frame_hdr", ".gcc_except_table"} & set(found)


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("profile", guest.ABORTING)
def test_aborting_profiles_have_neither_boundary_nor_unwinder_nor_proxy(profile, compiler):
    found = symbols(profile, compiler)
    assert not found & set(CONTAINMENT)
    text = disassembly(profile, compiler)
    for name in CONTAINMENT:
        assert f"<{name}" not in text


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("profile", guest.ABORTING)
def test_aborting_profiles_have_no_table_of_a_services_operations(profile, compiler):
    """Without the table there is nothing that an indirect call could go through."""
    services, _ = services_and_operations()
    assert not symbols(profile, compiler) & {f"{service}_{table}" for service in services
                                                for table in ("ops", "disk_ops")}


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("profile", guest.ABORTING)
def test_aborting_profiles_name_each_operation_where_they_call_it(profile, compiler):
    """In a function of the core that calls an operation, the call is a direct one."""
    services, operations = services_and_operations()
    callers = 0
    for name, body in functions(profile, compiler).items():
        if re.match(rf"({'|'.join(services)})_", name):
            continue
        for service in services:
            callers += len(re.findall(rf"\bcallq?\s+0x[0-9a-f]+ <{service}_", body))
        if re.fullmatch(rf"fs_({'|'.join(operations)})", name):
            assert not re.search(r"\bcallq?\s+\*", body), f"{name}:\n{body}"
    if profile == "performance":
        assert callers >= len(operations)


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("profile", guest.PROFILES)
def test_no_segment_of_the_upper_half_is_writable_and_executable(profile, compiler):
    text = tool("llvm-readelf-19", "-lW", image(profile, compiler))
    loads = re.findall(r"^ +LOAD +0x\w+ (0x\w+) 0x\w+ 0x\w+ 0x\w+ ([RWE ]{3}) ", text, re.MULTILINE)
    # The low segment runs before there are page tables, and none of ours maps it.
    flags = [flag for address, flag in loads if int(address, 16) >> 63]
    assert len(flags) >= 3
    assert not [flag for flag in flags if "W" in flag and "E" in flag]


@pytest.mark.parametrize("compiler", COMPILERS)
def test_the_image_of_performance_takes_less_than_one_and_a_half_mib(compiler):
    """Of memory, with what is zero at the start; and of a file, without what only debuggers read."""
    text = tool("llvm-readelf-19", "-lW", image("performance", compiler))
    loads = re.findall(r"^ +LOAD +0x\w+ 0x\w+ 0x\w+ (0x\w+) (0x\w+) ", text, re.MULTILINE)
    assert len(loads) >= 4
    assert sum(int(memory, 16) for _, memory in loads) < 3 << 19
    with tempfile.NamedTemporaryFile(prefix="aramid-image.") as stripped:
        tool("llvm-strip-19", "--strip-debug", "-o", stripped.name, image("performance", compiler))
        assert sum(int(size, 16) for size, _ in loads) <= os.path.getsize(stripped.name) < 3 << 19


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("profile", guest.CONTAINING)
def test_services_hold_no_privileged_instruction(profile, compiler):
    """A service cannot, by accident, switch interrupts off or write control registers."""
    services, _ = services_and_operations()
    forbidden = re.compile(r"\t(wrmsr|cli|sti|hlt|lgdt\S*|lidt\S*|ltr\S*|lmsw\S*|invlpg|"
                           r"in[bwl]?|out[bwl]?|mov\S*\s+.*%(cr\d|dr\d))\b")
    listed = tool("llvm-nm-19", image(profile, compiler))
    places = {line.split()[2]: line.split()[0] for line in listed.splitlines()
              if len(line.split()) == 3}
    for service in services:
        text = tool("llvm-objdump-19", "-d", "--no-show-raw-insn",
                    f"--start-address=0x{places[service + '_text_start']}",
                    f"--stop-address=0x{places[service + '_text_end']}", image(profile, compiler))
        assert text.count("ret") > 3
        found = forbidden.search(text)
        assert not found, f"{service}: {found.group(0)}"
