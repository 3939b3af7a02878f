# SPDX-License-Identifier: MIT
# Programs of Debian on a root that lies on a disk. Run by bash; what it says is known.
cd /root || exit 1
for mode in delete truncate persist memory wal off; do
	sqlite3 $mode.db "pragma journal_mode=$mode;
		create table t(k integer primary key, v text, w blob);
		begin; with recursive n(i) as (select 1 union all select i+1 from n where i<400)
		insert into t select i, 'row '||i, zeroblob(i%700) from n; commit;
		update t set v=v||' changed' where k%3=0; delete from t where k%7=0;
		create index x on t(v); vacuum; pragma integrity_check;
		select count(*), sum(length(v)), sum(length(w)) from t;" 2>&1 | tr '\n' ' '
	echo
done
cp -a /usr/include/linux tree
(cd tree && find . -type f | sort | xargs sha256sum) >sums
tar cf - tree | xz -0 >tree.tar.xz && mkdir out && xz -dc tree.tar.xz | tar xf - -C out
(cd out/tree && sha256sum -c --quiet ../../sums) && diff -r tree out/tree && echo the tree is the same
seq 20000 | shuf --random-source=/usr/bin/bash | sort -n | cmp - <(seq 20000) && echo sorted
exec 9>unlinked && rm -rf tree unlinked && echo left >&9 && df --output=source,target . | tail -1
