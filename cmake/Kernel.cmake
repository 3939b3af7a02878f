# SPDX-License-Identifier: MIT
#
# The kernel image of one profile: kernel/aramid.elf in the build folder. Each room
# lists its sources in a sources.cmake; each service is an object library of its own, so
# that the linker script can tell its sections apart by folder.

foreach(mechanism CONTAIN_PANICS TRAP_OVERFLOW WHOLE_PROGRAM CHECK_FLOW_AT_BUILD CHECK_INVARIANTS)
    aramid_profile_has(ARAMID_${mechanism} ARAMID_${mechanism} ${ARAMID_PROFILE})
endforeach()


find_program(ARAMID_LLD NAMES ld.lld-19 ld.lld REQUIRED DOC "package lld-19")
find_program(ARAMID_NM NAMES llvm-nm-19 llvm-nm REQUIRED DOC "package llvm-19")
find_program(ARAMID_CLANG NAMES clang-19 REQUIRED DOC "package clang-19")

string(TOLOWER ${ARAMID_PROFILE} profile_name)

set(kernel_flags
    -ffreestanding -fno-pic -fno-pie -fno-common -mcmodel=kernel -mno-red-zone
    -mgeneral-regs-only -fno-strict-overflow -fno-delete-null-pointer-checks
    -fstack-protector-strong -mstack-protector-guard=tls -mstack-protector-guard-reg=gs
    -mstack-protector-guard-offset=40 -ftrivial-auto-var-init=zero
    -DARAMID_PROFILE=${ARAMID_PROFILE} "-DARAMID_PROFILE_NAME=\"${profile_name}\"")
set(kernel_warnings
    -Wall -Wextra -Werror -Wstrict-prototypes -Wmissing-prototypes -Wcast-function-type -Wundef
    -Wno-unused-parameter -Wno-sign-compare)
if(CMAKE_C_COMPILER_ID STREQUAL "Clang")
    list(APPEND kernel_warnings -Wthread-safety -Wno-initializer-overrides)
endif()
if(ARAMID_CONTAIN_PANICS)
    list(APPEND kernel_flags -fexceptions -fasynchronous-unwind-tables)
else()
    list(APPEND kernel_flags -fno-exceptions -fno-asynchronous-unwind-tables -fno-unwind-tables)
endif()
if(ARAMID_TRAP_OVERFLOW)
    list(APPEND kernel_flags -fsanitize=signed-integer-overflow)
    if(CMAKE_C_COMPILER_ID STREQUAL "Clang")
        list(APPEND kernel_flags -fsanitize-trap=signed-integer-overflow)
    else()
        list(APPEND kernel_flags -fsanitize-undefined-trap-on-error)
    endif()
endif()
if(ARAMID_WHOLE_PROGRAM AND CMAKE_C_COMPILER_ID STREQUAL "Clang")
    set(whole_program_flags -flto)
endif()

aramid_caps_sources(caps_sources ${ARAMID_PROFILE})

set(kernel_includes
    ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/arch/x86_64/include ${caps_sources_INCLUDES})

set(kernel_objects)

# add_kernel_part(NAME sources…): an object library with the kernel's flags.
function(add_kernel_part name)
    add_library(${name} OBJECT ${ARGN})
    target_include_directories(${name} PRIVATE ${kernel_includes})
    target_compile_options(${name} PRIVATE
        "$<$<COMPILE_LANGUAGE:C>:-std=gnu17;-O2;${kernel_flags};${kernel_warnings};${whole_program_flags}>")
    target_compile_options(${name} PRIVATE
        "$<$<COMPILE_LANGUAGE:ASM>:-DARAMID_PROFILE=${ARAMID_PROFILE}>")
    set_target_properties(${name} PROPERTIES C_STANDARD 17)
    if(ARAMID_CHECK_FLOW_AT_BUILD)
        aramid_gate(${name})
    endif()
    aramid_prove_flow(${name} ROOT ${CMAKE_SOURCE_DIR})
    set(kernel_objects ${kernel_objects} ${name} PARENT_SCOPE)
endfunction()

function(aramid_service name)
    list(TRANSFORM ARGN PREPEND ${CMAKE_SOURCE_DIR}/)
    add_kernel_part(service_${name} ${ARGN})
    set(kernel_objects ${kernel_objects} PARENT_SCOPE)
endfunction()

if(ARAMID_CHECK_FLOW_AT_BUILD)
    add_subdirectory(analysis)
    include(analysis/Gate.cmake)
endif()
include(frama/Flow.cmake)

set(ARAMID_KERNEL_SOURCES)
file(GLOB room_lists CONFIGURE_DEPENDS kernel/sources.cmake kernel/*/sources.cmake
    arch/x86_64/sources.cmake)
foreach(list IN LISTS room_lists)
    include(${list})
endforeach()
if(ARAMID_CONTAIN_PANICS)
    list(APPEND ARAMID_KERNEL_SOURCES ${ARAMID_KERNEL_CONTAIN_SOURCES})
else()
    list(APPEND ARAMID_KERNEL_SOURCES ${ARAMID_KERNEL_ABORT_SOURCES})
endif()
list(TRANSFORM ARAMID_KERNEL_SOURCES PREPEND ${CMAKE_SOURCE_DIR}/)

include(cmake/Vdso.cmake)

# libunwind's headers are in a folder of their own beside others' headers of the same names.
set_source_files_properties(${CMAKE_SOURCE_DIR}/arch/x86_64/unwind/rows.c
    ${CMAKE_SOURCE_DIR}/arch/x86_64/unwind/unwind.c PROPERTIES
    INCLUDE_DIRECTORIES /usr/include/libunwind)
add_kernel_part(kernel ${ARAMID_KERNEL_SOURCES})
include(services/sources.cmake)
add_library(kernel_caps OBJECT ${caps_sources})
target_include_directories(kernel_caps PRIVATE ${kernel_includes})
target_compile_options(kernel_caps PRIVATE -std=gnu17 -O2 ${kernel_flags} ${whole_program_flags})
if(ARAMID_CHECK_FLOW_AT_BUILD)
    aramid_gate(kernel_caps)
endif()
list(APPEND kernel_objects kernel_caps)
set(objects_checked)
if(ARAMID_CHECK_FLOW_AT_BUILD)
    aramid_gate_objects(objects_checked kernel TARGETS ${kernel_objects})
endif()

# ---- the link: once for the addresses, once more with the symbol table filled in ----

set(link_dir ${CMAKE_BINARY_DIR}/kernel)
file(MAKE_DIRECTORY ${link_dir})
if(ARAMID_CONTAIN_PANICS)
    set(link_script unwind.ld)
    set(link_libraries /usr/lib/llvm-19/lib/libunwind.a)
    set(link_flags --eh-frame-hdr)
else()
    set(link_script abort.ld)
    set(link_flags --no-eh-frame-hdr)
endif()
file(GLOB link_headers CONFIGURE_DEPENDS arch/x86_64/link/*)
add_custom_command(
    OUTPUT ${link_dir}/${link_script}
    COMMAND ${ARAMID_CLANG} -E -P -x c -D__ASSEMBLER__ -I${CMAKE_SOURCE_DIR}
            ${CMAKE_SOURCE_DIR}/arch/x86_64/link/${link_script} -o ${link_dir}/${link_script}
    DEPENDS ${link_headers} services/manifest.h
    VERBATIM)

set(object_files)
foreach(part IN LISTS kernel_objects)
    list(APPEND object_files $<TARGET_OBJECTS:${part}>)
endforeach()
set(link_command ${ARAMID_LLD} -static -nostdlib --no-dependent-libraries -z max-page-size=4096
    -z noexecstack --build-id=none ${link_flags} -T ${link_dir}/${link_script})

# link_image(OUTPUT SYMBOLS_SOURCE)
function(link_image output symbols)
    set(symbols_object ${output}.symbols.o)
    add_custom_command(
        OUTPUT ${output}
        COMMAND ${ARAMID_CLANG} -c ${symbols} -o ${symbols_object}
        COMMAND ${link_command} -o ${output} ${object_files} ${symbols_object} ${link_libraries}
        DEPENDS ${object_files} ${objects_checked} ${symbols} ${link_dir}/${link_script}
        COMMENT "Linking ${output}"
        COMMAND_EXPAND_LISTS VERBATIM)
endfunction()

set(no_symbols ${CMAKE_SOURCE_DIR}/arch/x86_64/link/no_symbols.S)
link_image(${link_dir}/unnamed.elf ${no_symbols})
add_custom_command(
    OUTPUT ${link_dir}/symbols.S
    COMMAND arch/x86_64/link/make-symbols ${ARAMID_NM} ${link_dir}/unnamed.elf ${link_dir}/symbols.S
    DEPENDS ${link_dir}/unnamed.elf arch/x86_64/link/make-symbols
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    VERBATIM)
link_image(${link_dir}/aramid.elf ${link_dir}/symbols.S)
add_custom_target(image ALL DEPENDS ${link_dir}/aramid.elf)
