# sh -c THIS pgtemp BIN DIR [NAME=VALUE]...
# Makes and starts a PostgreSQL in DIR, says "ready", waits for the end of its input, and
# takes everything away again. On failure it says why.
bin=$1 dir=$2
shift 2
trap '' INT TERM HUP PIPE
clean() {
	"$bin/pg_ctl" -D "$dir/data" -m immediate -w -s stop >/dev/null 2>&1
	cd /
	rm -rf "$dir"
}
fail() {
	cat "$dir/log"
	clean
	exit 1
}
umask 077
"$bin/initdb" -D "$dir/data" -U franklin --auth=trust -E UTF8 --locale=C --no-sync >"$dir/log" 2>&1 || fail
{
	echo "listen_addresses = ''"
	echo "unix_socket_directories = '$dir'"
	echo "port = 5432"
	echo "max_connections = 200"
	echo "logging_collector = off"
	for setting; do
		echo "${setting%%=*} = '${setting#*=}'"
	done
} >>"$dir/data/postgresql.conf"
# No descriptor of ours may stay open in the server, or our parent would wait for it.
"$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 60 start </dev/null >/dev/null 2>&1 || fail
"$bin/createdb" -h "$dir" -U franklin franklin >>"$dir/log" 2>&1 || fail
echo ready
cat >/dev/null
clean
