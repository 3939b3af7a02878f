list(APPEND ARAMID_KERNEL_SOURCES
    kernel/boundary/core_memory.c
    kernel/boundary/gate.c
    kernel/boundary/info.c
    kernel/boundary/isolation.c
    kernel/boundary/ledger.c
    kernel/boundary/refused.c
    kernel/boundary/services.c
    kernel/boundary/stray.c
    kernel/boundary/cause.c
    kernel/boundary/transaction.c)
list(APPEND ARAMID_KERNEL_CONTAIN_SOURCES
    kernel/boundary/call.c
    kernel/boundary/control.c
    kernel/boundary/ledger_end.c
    kernel/boundary/panic.c
    kernel/boundary/supervisor.c
    kernel/vfs/fs_proxies.c)
