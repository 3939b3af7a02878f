#!/bin/bash
# SPDX-License-Identifier: MIT
# What procps and the files of /proc say of this machine, in sections; test_debian.py looks.
section() { echo "== $1"; }

sleep 77 &
until grep -qs '(sleep) S' /proc/$!/stat; do :; done
section "ps"
ps -e -o pid,ppid,stat,comm
section "ps of a user"
ps aux
section "pgrep"
pgrep -x sleep
section "sleep"
echo $!
section "top"
top -b -n 1 -w 120
section "free"
free -k
section "vmstat"
vmstat 1 2
section "uptime"
uptime
section "df"
df -k /
section "sysctl"
sysctl kernel.ostype kernel.pid_max
section "mounts"
cat /proc/self/mountinfo
section "pwdx"
cd /usr/bin; sleep 66 9</etc/passwd & cd /
pwdx $!
section "pmap"
pmap -q $!
section "descriptors"
for link in /proc/$!/fd/*; do echo "${link##*/} $(readlink $link)"; done
section "environment"
TOLD=yes tr '\0' '\n' </proc/self/environ
kill $!
section "threads"
python3 -c 'import os, threading
stop = threading.Event()
for _ in range(2): threading.Thread(target=stop.wait).start()
os.system(f"ps -L -o lwp=,nlwp=,comm= -p {os.getpid()}")
stop.set()'
section "pseudo-terminals"
python3 -c 'import os
held = []
try:
    while True:
        held.append(os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY))
except OSError as error:
    print(len(held), len(os.listdir("/dev/pts")), error.strerror)
while held:
    os.close(held.pop())
print(len(os.listdir("/dev/pts")))'
section "syslog"
syslogd -O /tmp/messages
until [ -S /dev/log ]; do sleep 0.05; done
logger -t probe "a line"
until grep -s probe /tmp/messages; do sleep 0.05; done
grep -c /run/log /proc/net/unix
pkill syslogd
section "nice"
nice -n 7 ps -C ps -o ni=,pri=
section "pkill"
pkill -x sleep; wait $! 2>/dev/null; echo $?
