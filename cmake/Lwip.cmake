# SPDX-License-Identifier: MIT
#
# lwIP from Debian's source package (packages.list), with the port of services/inet: objects of the
# service inet, by the name of their target. Foreign code: our warnings and the checkers of sources
# are not for it, the object gate is. Sets lwip_includes.
execute_process(
    COMMAND ${CMAKE_SOURCE_DIR}/tools/debian-source lwip ${CMAKE_SOURCE_DIR}/build/debian-sources
    OUTPUT_VARIABLE lwip OUTPUT_STRIP_TRAILING_WHITESPACE
    RESULT_VARIABLE failed)
if(failed)
    message(FATAL_ERROR "cannot unpack source package lwip (see above)")
endif()
set(lwip_includes ${lwip}/src/include)
set(lwip_sources
    core/def.c core/inet_chksum.c core/init.c core/ip.c core/mem.c core/memp.c core/netif.c
    core/pbuf.c core/raw.c core/tcp.c core/tcp_in.c core/tcp_out.c core/timeouts.c core/udp.c
    core/ipv4/dhcp.c core/ipv4/etharp.c core/ipv4/icmp.c core/ipv4/ip4.c core/ipv4/ip4_addr.c
    core/ipv4/ip4_frag.c netif/ethernet.c)
list(TRANSFORM lwip_sources PREPEND ${lwip}/src/)
add_library(lwip_service_inet OBJECT ${lwip_sources})
target_include_directories(lwip_service_inet PRIVATE ${CMAKE_SOURCE_DIR}/services/inet/port
    ${lwip_includes})
target_compile_options(lwip_service_inet PRIVATE -std=gnu17 -O2 ${kernel_flags} -w
    ${whole_program_flags})
# The C library's headers have bodies of functions that are not here.
target_compile_definitions(lwip_service_inet PRIVATE __NO_INLINE__)
list(APPEND kernel_objects lwip_service_inet)
