list(APPEND ARAMID_KERNEL_SOURCES
    kernel/time/calibration.c kernel/time/time.c kernel/time/timer.c kernel/time/tick.c)
