list(APPEND ARAMID_KERNEL_SOURCES
    kernel/lib/string.c kernel/lib/format.c)
