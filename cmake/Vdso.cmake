# SPDX-License-Identifier: MIT
#
# The vDSO: user code, so without the kernel's flags, linked by itself. ARAMID_VDSO is the file that
# arch/x86_64/vdso/image.S puts into the kernel.

set(vdso_dir ${CMAKE_SOURCE_DIR}/arch/x86_64/vdso)
set(ARAMID_VDSO ${CMAKE_BINARY_DIR}/kernel/vdso.so)
add_library(vdso OBJECT ${vdso_dir}/vdso.c)
target_include_directories(vdso PRIVATE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/arch/x86_64/include
    ${CMAKE_SOURCE_DIR}/annotations/include)
# General registers alone: a program's vector registers are its own (vdso(7) promises nothing, callers hope).
target_compile_options(vdso PRIVATE -std=gnu17 -O2 -g0 -fPIC -ffreestanding -fno-common -fno-stack-protector
    -fvisibility=default -mgeneral-regs-only -fasynchronous-unwind-tables -fcf-protection=none
    -Wall -Wextra -Werror -Wmissing-prototypes)
add_custom_command(
    OUTPUT ${ARAMID_VDSO}
    COMMAND ${ARAMID_LLD} -shared -soname linux-vdso.so.1 --hash-style=both --eh-frame-hdr --build-id=none
            -z max-page-size=4096 -z noexecstack --no-undefined -s -T ${vdso_dir}/vdso.lds
            --version-script ${vdso_dir}/vdso.version -o ${ARAMID_VDSO} $<TARGET_OBJECTS:vdso>
    DEPENDS vdso $<TARGET_OBJECTS:vdso> ${vdso_dir}/vdso.lds ${vdso_dir}/vdso.version
    COMMAND_EXPAND_LISTS VERBATIM)
# What sources take in and is made by the build: the checkers ask for it before they read them.
add_custom_target(included_files DEPENDS ${ARAMID_VDSO})
set_source_files_properties(${vdso_dir}/image.S PROPERTIES
    OBJECT_DEPENDS ${ARAMID_VDSO} COMPILE_DEFINITIONS "VDSO_FILE=\"${ARAMID_VDSO}\"")
