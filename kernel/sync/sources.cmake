list(APPEND ARAMID_KERNEL_SOURCES
    kernel/sync/spinlock.c kernel/sync/mutex.c kernel/sync/wait_queue.c)
