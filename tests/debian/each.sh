#!/bin/bash
# SPDX-License-Identifier: MIT
# One telling command of each of Debian's programs, short enough to be run in every profile with one
# CPU and with two. As programs.sh: the same in the guest and on the host.
export LC_ALL=C.UTF-8 TZ=UTC
umask 022
work=/tmp/debian-each
rm -rf $work
mkdir -p $work && cd $work || exit 1

section() { echo "== $1"; }

section "busybox"
busybox sh -c 'x=$(busybox seq 20 | busybox awk "{ s += \$1 } END { print s }"); echo $x | busybox md5sum'
section "bash"
declare -A of=([b]=2 [a]=1)
for key in $(printf '%s\n' "${!of[@]}" | sort); do echo "$key ${of[$key]}"; done
(trap 'echo trapped; exit 7' TERM; kill -TERM $BASHPID); echo "$?"
diff <(seq 5) <(seq 2 6); sleep 30 & kill $!; wait $! 2>/dev/null; echo "$?"
section "coreutils"
seq 1 3000 >numbers
sort -rn numbers | tac | cmp numbers && sha256sum numbers | cut -c 1-16
mkdir -p tree/a; cp numbers tree/a/copy; ln tree/a/copy tree/link; ln -s a/copy tree/soft; chmod 640 tree/link
stat -c '%A %h %n' tree/*; timeout 0.1 sleep 5; echo "$?"
section "findutils"
find tree -printf '%y %m %P\n' | sort; seq 6 | xargs -P 2 -n 1 sh -c 'echo $(($0 * $0))' | sort -n | paste -s -d +
section "grep"
grep -cE '^[0-9]*7$' numbers; grep -P '^(?=.*9)2\d*8$' numbers | tail -n 1; grep -q nothing numbers; echo "$?"
section "sed"
sed -n -E '10,12s/(.)(.)/\2-\1/p' numbers; sed -i 2,2999d numbers && paste -s numbers
section "gawk"
gawk 'BEGIN { for (i = 0; i < 900; i++) n[i % 7] += i * i; for (i in n) print i, n[i] | "sort"; close("sort"); print gensub(/(.)(.)/, "\\2\\1", "g", "abcd") }'
section "tar, gzip and xz-utils"
cp -r /usr/include/x86_64-linux-gnu/asm tree/asm
tar -cf all.tar --sort=name --mtime=@0 tree && gzip -n -k all.tar && xz -0 -k all.tar && gzip -dc all.tar.gz | cmp - all.tar
mkdir out && tar -xJf all.tar.xz -C out && diff -r tree out/tree && tar -tzf all.tar.gz | wc -l
section "less"
seq 3 | less; less -N numbers | wc -l
section "procps"
sleep 77 & ps -o ni=,comm= -p $!; pgrep -c -P $$ -x sleep; pkill -P $$ -x sleep; wait $! 2>/dev/null; echo "$?"
free | wc -l; top -b -n 1 | grep -c 'Tasks:'; sysctl -n kernel.ostype
section "sqlite3"
sqlite3 rows.db 'CREATE TABLE t (i INTEGER PRIMARY KEY, n); BEGIN; WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL
SELECT i + 1 FROM c WHERE i < 2000) INSERT INTO t SELECT i, i * 7919 % 1000 FROM c; COMMIT; PRAGMA integrity_check;'
sqlite3 rows.db 'SELECT count(*), sum(n), max(n) FROM t WHERE i % 2'
section "lua5.4"
lua5.4 -e 'local co = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i * i) end end)
print(_VERSION, co(), co(), co()) for line in io.popen("echo from a pipe"):lines() do print(line) end'
section "python3"
python3 -c 'import os, signal, subprocess, threading, zlib
print(subprocess.run(["sh", "-c", "echo out; exit 4"], capture_output=True))
told = []
workers = [threading.Thread(target=lambda n=n: told.append(zlib.crc32(b"%d" % n))) for n in range(4)]
[worker.start() for worker in workers]; [worker.join() for worker in workers]
print(sorted(told), signal.Signals(10).name, 2 ** 100, os.waitstatus_to_exitcode(os.system("exit 9")))'
section "tcc"
printf '%s\n' '#include <stdio.h>' '#include <stdlib.h>' 'int main(int argc, char **argv)' \
	'{ int n = atoi(argv[1]), f = 1; while (n > 1) f *= n--; printf("%d\n", f); return argc; }' >factorial.c
tcc -o factorial factorial.c && ./factorial 10; echo "$?"; tcc -run factorial.c 7; echo "$?"
section "stress-ng"
stress-ng --quiet --pipe 2 --pipe-ops 200 --verify; echo "$?"
cd / && rm -rf $work
