#!/bin/bash
# SPDX-License-Identifier: MIT
# Debian's programs at work. Run in the guest and on the host over the same root tree, where it must
# print the same (test_debian.py): so nothing here shows a time of its own, a process's number or
# a place in memory. Sections are named by `section`.
export LC_ALL=C.UTF-8 TZ=UTC
umask 022
work=/tmp/debian-test
rm -rf $work
mkdir -p $work && cd $work || exit 1

section() { echo "== $1"; }

section "bash: data and functions"
declare -A count
for word in the cat and the dog and the bird; do count[$word]=$((${count[$word]:-0} + 1)); done
for word in $(printf '%s\n' "${!count[@]}" | sort); do echo "$word ${count[$word]}"; done
fibonacci() { (($1 < 2)) && echo "$1" || echo $(($(fibonacci $(($1 - 1))) + $(fibonacci $(($1 - 2))))); }
fibonacci 8
[[ "kernel-6.1.0" =~ ^([a-z]+)-([0-9.]+)$ ]] && echo "${BASH_REMATCH[1]} ${BASH_REMATCH[2]}"
mapfile -t lines < <(seq 3 -1 1)
echo "${#lines[@]}: ${lines[*]} ${lines[-1]}"
printf '%05d|%-6s|%x\n' 42 ab 255
text=abcabc
echo "${text//b/B} ${text#*b} ${text%%b*} ${text^^} ${#text}"
cat <<END
here: $((2 ** 40))
END

section "bash: processes, signals and descriptors"
(trap 'echo trapped; exit 7' TERM; kill -TERM $BASHPID; echo not here)
echo "trap $?"
sleep 60 &
kill -KILL $!
wait $! 2>/dev/null
echo "killed $?"
diff <(seq 5) <(seq 2 6)
coproc rot13 { while read -r line; do echo "$line" | tr a-z n-za-m; done; }
echo uryyb >&"${rot13[1]}"
read -r answer <&"${rot13[0]}"
echo "$answer"
exec {rot13[1]}>&- {rot13[0]}<&-
wait
exec 9>fifth
echo nine >&9
echo again >/dev/fd/9
exec 9>&-
cat fifth
true | false | true
echo "${PIPESTATUS[*]}"
{ for job in 1 2 3; do (sleep 0.$job; echo "job $job") & done; wait; } | sort
wait
set -o pipefail
false | cat
echo "pipefail $?"
set +o pipefail
mkfifo pipe
(seq 1000 >pipe) &
tail -n 1 pipe
command -v bash; type -t section; bash -c 'exit 300'; echo "$?"; nosuchprogram 2>&1; echo "$?"

section "coreutils: text"
seq 1 20000 >numbers
sha256sum numbers
md5sum numbers | cut -d ' ' -f 1
b2sum numbers | cut -c 1-32
wc numbers
sort -R --random-source=numbers numbers | sort -n | cmp - numbers && echo sorted
sort -t. -k2n -k1r <<<$'b.2\na.10\nc.2' | paste -s -d ' '
join <(printf '1 a\n2 b\n') <(printf '1 x\n2 y\n')
comm -12 <(seq 5) <(seq 3 9)
tac numbers | head -n 2
split -l 5000 numbers part. && ls part.*
csplit -s numbers 100 '/^500$/' && wc -l xx0*
od -A d -t x1 -N 16 numbers
numfmt --to=iec 123456789
base64 <<<'any carnal pleas' | base64 -d
tr -dc 0-9 <numbers | fold -w 40 | head -n 1
uniq -c <<<$'a\na\nb' ; nl <<<$'x\ny'; expand <<<$'a\tb'; rev 2>/dev/null <<<abc
factor 1234567890; expr 7 \* 6; seq -s, 1 2 9

section "coreutils: files"
mkdir -p tree/a/b; echo one >tree/a/one; echo two >tree/a/b/two; ln -s ../one tree/a/b/link; ln tree/a/one tree/hard
chmod 640 tree/a/one; chmod g+s,o-x tree/a/b; touch -d '2020-02-29 12:34:56' tree/a/b/two
cp -a tree copy && diff -r tree copy && echo copied
stat -c '%A %s %h %F %y %n' copy/a/b/two | sed 's/ [^ ]*copy/ copy/'
stat -c '%A %h %n' tree/hard tree/a/b copy/a/b copy/hard
readlink -f copy/a/b/link; realpath --relative-to=tree copy/a; basename /x/y.c .c; dirname /x/y
mv copy/a/b/two copy/moved; ls -R copy; rm -r copy; test -e copy || echo gone
install -m 750 numbers installed; stat -c %a installed
truncate -s 100M sparse; stat -c %s sparse; dd if=/dev/zero of=sparse bs=4k seek=25600 count=1 conv=notrunc 2>/dev/null; stat -c %s sparse; rm sparse
dd if=numbers bs=1 skip=10 count=5 2>/dev/null; echo
timeout 0.2 sleep 5; echo "timeout $?"
env -i A=1 env; date -d '2024-02-28 +2 days' +%F; date -d @86400 +%c
mktemp -d $work/XXXXXX >/dev/null && echo made; echo x | tee one two >three; cat one two three
chmod 000 tree/hard; ls -l tree/hard | cut -c 1-10; ln -sf nowhere dangling; cat dangling 2>&1; test -L dangling && echo link
id -u; printenv LC_ALL; sync; nproc --all >/dev/null && echo cpus

section "find and xargs"
find /usr/include -name '*.h' -size +24k | sort | head -n 5
find /usr/include -type f | wc -l
find tree -printf '%y %m %P\n' | sort
find tree -type f -exec cat {} + 2>/dev/null | sort
find /usr/bin -type l -lname 'x*' | sort
seq 100 | xargs -n 7 echo | tail -n 1
seq 8 | xargs -P 4 -I{} sh -c 'echo $(({} * {}))' | sort -n | paste -s -d +
find tree -newermt 2021-01-01 -name one; find tree -empty; find tree -name two -delete; find tree -name two | wc -l

section "grep, sed and awk"
awk 'BEGIN { srand(1); for (i = 0; i < 3000; i++) printf "%d host%d GET /page/%d %d\n", i, i % 7, i * 7919 % 101, (i * 31) % 5 * 100 + 200 }' >log
grep -c ' 500$' log; grep -oE 'page/1[0-9] ' log | sort | uniq -c | sort -k1nr -k2 | head -n 3
grep -P '^(?=.*host3).*\s400$' log | head -n 1; grep -v host log | wc -l; grep -l 'define EOF' /usr/include/*.h
sed -n -E '10,12s/host([0-9])/machine-\1/p' log; sed '1!G;h;$!d' <<<$'1\n2\n3'; sed -i 's/GET/PUT/' log; grep -c PUT log
awk '{ bytes[$2] += $5 } END { for (h in bytes) print h, bytes[h] }' log | sort
gawk 'BEGIN { PROCINFO["sorted_in"] = "@ind_str_asc"; x["b"]; x["a"]; for (i in x) printf "%s ", i; print strftime("%F", 0, 1), length("äöü"), gensub(/(.)(.)/, "\\2\\1", "g", "abcd"); print 2^53 + 1, int(-3.7), substr("hello", 2, 3) }'
gawk '{ print | "sort -r | head -n 2" }' log; gawk 'BEGIN { "date -d @0 +%Y" | getline year; print year; print PROCINFO["version"] }'

section "tar, gzip and xz"
tree=x86_64-linux-gnu/bits
tar -cf all.tar -C /usr/include $tree
(cd /usr/include && find $tree -type f -print0 | sort -z | xargs -0 sha256sum) >sums
xz -0 -T1 -k all.tar && xz -t all.tar.xz && xz -l all.tar.xz | tail -n 1 | awk '{ print $1, $2 }'
mkdir unpacked && tar -xf all.tar.xz -C unpacked && (cd unpacked && sha256sum -c --quiet ../sums) && echo same tree
diff -r unpacked/$tree /usr/include/$tree && echo no difference
gzip -6 -n -k all.tar && gzip -dc all.tar.gz | cmp - all.tar && echo same archive
tar -tzvf all.tar.gz | grep -c '\.h$'; tar -xzOf all.tar.gz $tree/errno.h | head -n 1
xz -dc all.tar.xz | sha256sum - | cut -d ' ' -f 2; zgrep -c define all.tar.gz; xzgrep -c __REDIRECT all.tar.xz
printf 'abc' | gzip -n | od -A n -t x1; head -c 5 all.tar.xz | od -A n -t x1; gzip -t log 2>&1; echo "$?"

section "sqlite3"
sqlite3 rows.db <<'END'
CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price INTEGER);
BEGIN;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
INSERT INTO item SELECT i, 'item ' || i, i * 7919 % 1000 FROM n;
COMMIT;
CREATE INDEX by_price ON item (price);
SELECT count(*), sum(price), max(name) FROM item;
SELECT price, count(*) FROM item WHERE price BETWEEN 10 AND 12 GROUP BY price;
BEGIN; DELETE FROM item WHERE id % 2; SELECT count(*) FROM item; ROLLBACK;
SELECT count(*) FROM item;
UPDATE item SET name = upper(name) WHERE id = 77; SELECT name FROM item WHERE id = 77;
PRAGMA integrity_check;
EXPLAIN QUERY PLAN SELECT * FROM item WHERE price = 5;
END
sqlite3 -json rows.db 'SELECT id, name FROM item ORDER BY id DESC LIMIT 1'
sqlite3 rows.db "PRAGMA journal_mode = wal; INSERT INTO item VALUES (200000, 'wal', 1); SELECT count(*) FROM item"
sqlite3 rows.db .schema | head -n 1; sqlite3 rows.db 'SELEC' 2>&1 | head -n 1

section "lua"
cat >queens.lua <<'END'
local N, found = 7, 0
local function place(row, columns, up, down)
  if row > N then found = found + 1 return end
  for c = 1, N do
    if not (columns[c] or up[row + c] or down[row - c]) then
      columns[c], up[row + c], down[row - c] = true, true, true
      place(row + 1, columns, up, down)
      columns[c], up[row + c], down[row - c] = nil, nil, nil
    end
  end
end
place(1, {}, {}, {})
print(_VERSION, N, found)
local co = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i * i) end end)
print(co(), co(), co())
print(string.format("%.14g %5.2f %q", 1 / 3, math.pi, 'a"b'), ("x"):rep(3), #"äö", 7 // 2, 1 << 40)
print(pcall(error, { code = 1 }), select("#", table.unpack({ 1, 2, nil, 4 }, 1, 4)))
for line in io.popen("echo from a pipe"):lines() do print(line) end
local f = assert(io.open("lua.out", "w")) f:write("written\n") f:close() print(io.open("lua.out"):read("a"))
print(os.date("!%F", 0), os.getenv("LC_ALL"), os.execute("exit 3"))
END
lua5.4 queens.lua; luac5.4 -o queens.luac queens.lua && lua5.4 queens.luac | head -n 1; lua5.4 -e 'error("no")' 2>&1 | head -n 1

section "python3"
cat >script.py <<'END'
import collections, decimal, functools, hashlib, heapq, io, itertools, json, os, re, signal, sqlite3
import struct, subprocess, sys, tempfile, time, zlib

print(sys.version.split()[0], sys.byteorder, sys.getfilesystemencoding())
print(json.dumps({"b": [1, 2.5, None], "a": "ä"}, sort_keys=True), json.loads('{"x": 1e3}'))
print(hashlib.sha256(b"abc").hexdigest()[:16], zlib.crc32(b"abc"), len(zlib.compress(b"a" * 10000)))
print(re.sub(r"(\w+) (\w+)", r"\2 \1", "hello world"), decimal.Decimal(1) / 7)
print(2 ** 200, sum(itertools.islice(itertools.count(), 1000)), heapq.nsmallest(3, [5, 1, 4, 2]))
print(collections.Counter("mississippi").most_common(2), struct.pack(">IH", 1, 2).hex())


@functools.lru_cache(None)
def ways(n):
    return 1 if n < 2 else ways(n - 1) + ways(n - 2)


print(ways(90))
done = subprocess.run(["sh", "-c", "echo out; echo err >&2; exit 4"], capture_output=True, text=True)
print(done.returncode, done.stdout.strip(), done.stderr.strip())
reader, writer = os.pipe()
child = os.fork()
if child == 0:
    os.write(writer, b"from the child")
    os._exit(9)
print(os.read(reader, 100), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
caught = []
signal.signal(signal.SIGUSR1, lambda number, frame: caught.append(number))
os.kill(os.getpid(), signal.SIGUSR1)
signal.signal(signal.SIGALRM, lambda number, frame: caught.append(number))
signal.setitimer(signal.ITIMER_REAL, 0.05)
time.sleep(0.2)
print([int(number) for number in caught])
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "x")
    with open(path, "w+") as stream:
        stream.write("line\n" * 1000)
        stream.seek(0)
        print(len(stream.readlines()), os.fstat(stream.fileno()).st_size)
    os.rename(path, path + "2")
    print(os.listdir(folder), os.access(path, os.F_OK))
database = sqlite3.connect(":memory:")
database.execute("CREATE TABLE t (a, b)")
database.executemany("INSERT INTO t VALUES (?, ?)", ((i, i * i) for i in range(2000)))
print(database.execute("SELECT sum(b), avg(a) FROM t").fetchone())
try:
    os.open("/nosuchfile", os.O_RDONLY)
except OSError as error:
    print(type(error).__name__, error.errno)
primes = [n for n in range(2, 3000) if all(n % d for d in range(2, int(n ** 0.5) + 1))]
print(len(primes), primes[-1], sorted({"b": 1, "a": 2}.items()), f"{1/3:.6f}", "naïve".encode())
END
python3 script.py; python3 -c 'raise SystemExit(5)'; echo "$?"; python3 -c '1/0' 2>&1 | tail -n 1
python3 -m json.tool <<<'{"a":[1,{"b":2}]}'; python3 -m zipfile -c z.zip log && python3 -m zipfile -l z.zip | awk '{ print $1 }'

section "python3: sockets"
cat >sockets.py <<'END'
import asyncio, multiprocessing, os, socket, threading
from multiprocessing.connection import Client, Listener

def echo(listener):
    connection, _ = listener.accept()
    with connection:
        while data := connection.recv(65536):
            connection.sendall(data.upper())

listener = socket.create_server("echo", family=socket.AF_UNIX)
threading.Thread(target=echo, args=(listener,)).start()
client = socket.socket(socket.AF_UNIX)
client.connect("echo")
client.sendall(b"abc" * 50000)
client.shutdown(socket.SHUT_WR)
got = b""
while data := client.recv(4096):
    got += data
print(len(got), got[:6], client.getpeername())
one, other = socket.socketpair()
with open("/etc/passwd") as passwd:
    socket.send_fds(one, [b"file"], [passwd.fileno()])
message, files, _, _ = socket.recv_fds(other, 16, 4)
print(message, len(files), os.read(files[0], 4))
context = multiprocessing.get_context("fork")
with context.Pool(2) as pool:
    print(pool.map(abs, range(-3, 3)))
with Listener("connections", "AF_UNIX") as server:
    child = context.Process(target=lambda: Client("connections").send({"a": [1, 2]}))
    child.start()
    with server.accept() as connection:
        print(connection.recv())
    child.join()

async def converse():
    async def answer(reader, writer):
        writer.write((await reader.readline()).upper())
        writer.close()
    async with await asyncio.start_unix_server(answer, "stream"):
        reader, writer = await asyncio.open_unix_connection("stream")
        writer.write(b"a line\n")
        print(await reader.read())
        writer.close()

asyncio.run(converse())
END
python3 sockets.py

section "python3: a shell on a pseudo-terminal"
cat >shell.py <<'END'
import os, pty, termios
child, master = pty.fork()
if child == 0:
    os.environ["PS1"] = "@ "
    os.execvp("bash", ["bash", "--norc", "--noprofile", "--noediting", "-i"])
termios.tcsetwinsize(master, (40, 132))
for keys, answer in (
        ("", "@ "), ("[ $(tty) = /dev/$(ps -o tty= -p $$) ] && stty size\n", "@ "),
        ("(echo ready; sleep 60)\n", "\nready\r\n"), ("\3", "@ "), ("echo $?\n", "@ "),
        ("(echo here; sleep 60)\n", "\nhere\r\n"), ("\32", "@ "), ("fg\n", "60 )\r\n"), ("\3", "@ "),
        ("cat\n", "cat\r\n"), ("a lx\177ine\n", "\na line\r\n"), ("\4", "@ "),
        ("stty -echo; echo now; read -r word; stty echo; echo [$word]\n", "\nnow\r\n"),
        ("secret\n", "@ "), ("exit 3\n", "")):
    os.write(master, keys.encode())
    seen = b""
    while not answer or not seen.endswith(answer.encode()):
        try:
            seen += os.read(master, 1)
        except OSError as error:
            print(error.strerror)
            break
    print(seen.decode(), end="")
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
END
timeout 60 python3 shell.py </dev/null | tr -d '\r'
python3 -c 'import pty; pty.spawn(["sh", "-c", "test -t 0 && stty -a | head -n 1"])' </dev/null | tr -d '\r'

section "tcc"
cat >sieve.c <<'END'
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int twice(int);

static int descending(const void *a, const void *b)
{
	return *(const int *)b - *(const int *)a;
}

int main(int argc, char **argv)
{
	static char composite[50000];
	int values[] = {3, 9, 1, 7}, count = 0, status;

	for (int i = 2; i < 50000; i++) {
		if (composite[i])
			continue;
		count++;
		for (int j = 2 * i; j < 50000; j += i)
			composite[j] = 1;
	}
	qsort(values, 4, sizeof(int), descending);
	printf("%d primes, %d %d, %.6f, %d, %s, %d\n", count, values[0], values[3], sqrt(2), twice(21),
	       argv[argc - 1], open("/nosuchfile", 0) < 0 ? errno : 0);
	fflush(stdout);
	if (fork() == 0)
		execlp("echo", "echo", "from an exec", (char *)0);
	wait(&status);
	return WEXITSTATUS(status) + 3;
}
END
sed -i '1i #include <fcntl.h>' sieve.c
echo 'int twice(int x) { return 2 * x; }' >twice.c
tcc -Wall -c twice.c && tcc -o sieve sieve.c twice.o -lm && ./sieve argument; echo "$?"
tcc -shared -o libtwice.so twice.c && tcc -o dynamic sieve.c -L. -ltwice -lm && LD_LIBRARY_PATH=. ./dynamic shared; echo "$?"
tcc -lm twice.o -run sieve.c run; echo "$?"
cc -E - <<<'__x86_64__ __linux__' | tail -n 1; echo 'int main( {' | tcc - 2>&1 | head -n 1; ldd sieve | awk '/=>/ { print $1 }'

section "less, and a process of its own group"
less numbers | tail -n 1; less -N log | wc -l; printf 'a\nb\n' | more | head -n 1
(exec -a another-name sh -c 'echo $0')
set -m; sleep 30 & jobs | sed 's/ *$//'; kill %1; wait %1 2>/dev/null; echo "$?"; set +m

section "stress-ng"
stress-ng --quiet --cpu 1 --cpu-ops 20 --cpu-method int64; echo "$?"
stress-ng --quiet --pipe 1 --pipe-ops 500; echo "$?"
stress-ng --quiet --vm 1 --vm-bytes 4M --vm-ops 200 --vm-method flip; echo "$?"
cd / && rm -rf $work
