list(APPEND ARAMID_KERNEL_SOURCES
    kernel/main.c)
