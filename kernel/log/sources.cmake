list(APPEND ARAMID_KERNEL_SOURCES
    kernel/log/log.c kernel/log/crash.c kernel/log/stack_protector.c)
