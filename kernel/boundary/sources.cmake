list(APPEND ARAMID_KERNEL_SOURCES
    kernel/boundary/core_memory.c
    kernel/boundary/gate.c
    kernel/boundary/info.c
    kernel/boundary/inspect_calls.c
    kernel/boundary/isolation.c
    kernel/boundary/ledger.c
    kernel/boundary/mirror.c
    kernel/boundary/refused.c
    kernel/boundary/services.c
    kernel/boundary/stray.c
    kernel/boundary/cause.c
    kernel/boundary/transaction.c)
if(ARAMID_CHECK_INVARIANTS)
    list(APPEND ARAMID_KERNEL_SOURCES
        kernel/boundary/damage.c
        kernel/boundary/invariants.c
        kernel/mm/bit_tree_check.c
        kernel/mm/buddy_check.c
        kernel/mm/page_damage.c)
endif()
list(APPEND ARAMID_KERNEL_CONTAIN_SOURCES
    kernel/boundary/call.c
    kernel/boundary/control.c
    kernel/boundary/ledger_end.c
    kernel/boundary/own_memory.c
    kernel/boundary/panic.c
    kernel/boundary/supervisor.c
    kernel/vfs/fs_answers.c
    kernel/vfs/fs_proxies.c)
