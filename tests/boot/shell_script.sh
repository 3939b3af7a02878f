# SPDX-License-Identifier: MIT
# Runs under BusyBox's sh on the host and in the guest, over the same root tree and as the
# same user; tests/boot/test_shell.py compares the two outputs section by section.
# A section's output must not hold process numbers, addresses or times that pass.

section() { echo "== $1"; }

cd /
export TZ=UTC LC_ALL=C
umask 022
rm -rf /tmp/tree /tmp/work
mkdir -p /tmp/tree/a/b/c /tmp/tree/d /tmp/work

section "ls -l of the root"
ls -l /

section "motd through a pipe of three"
cat /etc/motd | tr a-z A-Z | wc -c

section "loops"
for word in one two three; do
	for number in 1 2; do
		echo "$word $number"
	done
done
count=0
while [ "$count" -lt 5 ]; do
	count=$((count + 1))
	[ "$count" -eq 3 ] && continue
	echo "count $count"
done
until [ "$count" -eq 0 ]; do count=$((count - 1)); done
echo "back to $count"
seq 1 200 | while read -r n; do [ $((n % 50)) -eq 0 ] && echo "line $n"; done

section "functions"
factorial() {
	if [ "$1" -le 1 ]; then echo 1; else echo $(($1 * $(factorial $(($1 - 1))))); fi
}
factorial 10
shout() { local text="$*"; echo "$text!"; return 3; }
shout hello there
echo "returned $?"

section "here-documents"
name=Aramid
cat <<END
Dear $name,
$((6 * 7)) is computed and \$name is not.
END
cat <<'END' | sed 's/^/> /'
$name stays $name
END
tr a-z A-Z <<-END
	tabs are removed
END

section "find, sort, tail"
find / 2>/dev/null | sort | tail

section "find in a tree"
echo one >/tmp/tree/a/one
echo two >/tmp/tree/a/b/two
echo three >/tmp/tree/a/b/c/three
ln -s ../a/one /tmp/tree/d/link
find /tmp/tree | sort
find /tmp/tree -type f -name 't*' -exec cat {} \; | sort
find /tmp/tree -type l | xargs readlink

section "files"
cd /tmp/work
echo first >file
echo second >>file
cat file
cp file copy
mv copy moved
cmp file moved && echo same
ln -s file link
cat link
mkdir folder
touch folder/x folder/y
ls folder
rmdir folder 2>/dev/null || echo "not empty: $?"
rm -r folder
rm moved
ls
dd if=/dev/zero of=zeros bs=1000 count=100 2>/dev/null
wc -c <zeros
md5sum zeros
head -c 70000 /dev/zero | tr '\0' x | md5sum
cd /

section "modes and times of files"
echo text >/tmp/work/dated
touch -d '2024-01-02 03:04:05' /tmp/work/dated
chmod 640 /tmp/work/dated
ls -l /tmp/work/dated
stat -c '%n %s %A %U %G %Y' /tmp/work/dated
chmod u+x,g-r /tmp/work/dated
stat -c '%a' /tmp/work/dated
[ -x /tmp/work/dated ] && echo executable
[ -d /tmp/work ] && [ ! -e /tmp/work/none ] && echo tests

section "errors of files"
cat /tmp/work/none
mkdir /tmp/work
cat /tmp/work
ls /none
rmdir /tmp/none
echo text >/tmp/none/file
echo "status $?"
cd /tmp/work/dated
echo "status $?"

section "pipes and redirection"
echo to-stderr >&2
{ echo out; echo err >&2; } 2>&1 | sort
(echo inner; exit 4)
echo "subshell $?"
false | true
echo "pipe $?"
echo $(echo nested $(echo deeper))
yes | head -n 3
exec 3>/tmp/work/third
echo third >&3
exec 3>&-
cat /tmp/work/third
seq 1 20000 | md5sum
seq 1 20000 | tail -n 1

section "exit status"
sh -c 'exit 7'
echo $?
sh -c 'kill -TERM $$'
echo $?
sh -c 'kill -KILL $$'
echo $?
/tmp/none
echo $?
/etc/motd
echo $?
true && echo and
false || echo or
! true
echo $?

section "background, jobs, wait"
sleep 1 &
jobs
wait
echo "waited $?"
jobs
(sleep 0.1; exit 5) &
wait $!
echo "waited for it $?"
sleep 0.1 & sleep 0.2 &
wait
echo "both"

section "kill"
# Whether the shell says "Killed" depends on who is quicker, its wait or the child's end.
sleep 30 &
kill $!
{ wait $!; } 2>/dev/null
echo "killed $?"
sleep 30 &
kill -9 $!
{ wait $!; } 2>/dev/null
echo "killed hard $?"
kill -0 $! 2>/dev/null
echo "gone $?"

section "stop and continue"
sleep 0.3 &
kill -STOP $!
kill -CONT $!
wait $!
echo "continued $?"

section "trap"
trap 'echo caught' USR1
kill -USR1 $$
trap - USR1
(trap 'echo leaving' EXIT; exit 6)
echo "left $?"

section "text tools"
printf 'b 2\na 1\nc 3\n' | sort | awk '{ total += $2; print $1, total }'
echo 'some text' | sed -e 's/some/more/' -e 's/t/T/g'
printf 'x\ny\nx\n' | sort | uniq -c
echo a:b:c | cut -d : -f 2
expr 6 \* 7
grep -c root /etc/passwd
basename /a/b/c.txt .txt
printf '%05d|%-5s|%x\n' 42 ab 255
echo 'hello' | od -c
date -d '2024-02-29 12:00:00' '+%Y-%m-%d %H:%M:%S %j'

section "variables and arithmetic"
value=path/to/file.tar.gz
echo "${value##*/} ${value%.gz} ${#value} ${unset_one:-default}"
echo $((7 / 2)) $((7 % 3)) $((1 << 10)) $((0x1f))
set -- a 'b c' d
echo $# "$2"
case $value in *.tar.gz) echo archive ;; *) echo other ;; esac
eval 'echo evaluated'

section "many processes"
n=0
while [ "$n" -lt 100 ]; do
	sh -c : || echo "failed $n"
	n=$((n + 1))
done
echo "$n processes"

section "archive"
cd /tmp
tar cf work.tar tree
tar tf work.tar | sort
gzip -c work.tar | gunzip -c | cmp - work.tar && echo intact
rm work.tar
cd /

section "ps"
sleep 5 &
ps
kill $!
wait $! 2>/dev/null

section "time"
time sleep 0.2

section "id and uname"
id
uname -m

section "end"
rm -rf /tmp/tree /tmp/work
