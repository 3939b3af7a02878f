list(APPEND ARAMID_KERNEL_SOURCES
    arch/x86_64/boot/boot_info.c
    arch/x86_64/boot/image.c
    arch/x86_64/boot/pvh.S
    arch/x86_64/boot/trampoline.S
    arch/x86_64/cpu/cpu.c
    arch/x86_64/cpu/descriptors.c
    arch/x86_64/cpu/smp.c
    arch/x86_64/cpu/switch.S
    arch/x86_64/cpu/thread.c
    arch/x86_64/device/acpi.c
    arch/x86_64/device/apic.c
    arch/x86_64/device/device_map.c
    arch/x86_64/device/entropy.c
    arch/x86_64/device/machine.c
    arch/x86_64/device/pci.c
    arch/x86_64/device/rtc.c
    arch/x86_64/device/serial.c
    arch/x86_64/mmu/mmu.c
    arch/x86_64/mmu/shootdown.c
    arch/x86_64/mmu/user_access.S
    arch/x86_64/mmu/user_copy_plan.c
    arch/x86_64/trap/entry.S
    arch/x86_64/trap/trap.c
    arch/x86_64/unwind/symbols.c
    arch/x86_64/vdso/image.S)
list(APPEND ARAMID_KERNEL_CONTAIN_SOURCES
    arch/x86_64/unwind/boundary.S
    arch/x86_64/unwind/gate.S
    arch/x86_64/unwind/libc_shim.c
    arch/x86_64/unwind/marks.S
    arch/x86_64/unwind/rows.c
    arch/x86_64/unwind/tables.c
    arch/x86_64/unwind/unwind.c)
list(APPEND ARAMID_KERNEL_ABORT_SOURCES
    arch/x86_64/unwind/scan.c)
