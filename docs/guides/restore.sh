#!/bin/sh
# Makes a data directory of PostgreSQL from a base backup and the write-ahead log that was kept, to go back to an instant (OPS-8, guide to backups).
#
# usage: restore.sh BASE WAL DATA INSTANT
#   BASE     a base backup, as pg_basebackup makes it; nothing is changed in it
#   WAL      where archive_command put the write-ahead log
#   DATA     the directory to make: not there yet, or empty
#   INSTANT  how far to go, such as '2026-11-22 17:00:00+00'
#
# Run it as the server's user, start the server on DATA, then: tandem audit verify. Exit codes: 0 made, 2 refused, nothing was made.
set -eu

refused() {
  echo "restore.sh: $1" >&2
  exit 2
}

[ $# -eq 4 ] || refused "usage: restore.sh BASE WAL DATA INSTANT"
base=$1 wal=$2 data=$3 instant=$4

[ -f "$base/backup_label" ] || refused "$base is no base backup: it has no backup_label"
[ -d "$wal" ] || refused "$wal is not there"
[ ! -e "$data" ] || [ -z "$(ls -A "$data")" ] || refused "$data is not empty"
case "$wal$instant" in
  *[\'\"\\]*) refused "no quotes and backslashes in WAL and INSTANT" ;;
esac
case "$wal" in
  /*) ;;
  *) refused "WAL is to be an absolute path: the server looks from elsewhere" ;;
esac

mkdir -p "$data"
cp -R -p "$base/." "$data/"
rm -f "$data/postmaster.pid" "$data/postmaster.opts"
chmod 0700 "$data"
: > "$data/recovery.signal"
cat >> "$data/postgresql.auto.conf" <<END
restore_command = 'cp "$wal/%f" "%p"'
recovery_target_time = '$instant'
recovery_target_action = 'promote'
END
echo "made $data: start the server on it"
