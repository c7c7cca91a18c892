#!/usr/bin/env bash
# Takes a base backup of PostgreSQL while it runs, into a folder named by the day (UTC), for restore.sh (OPS-8, guide to backups).
#
# usage: backup.sh FOLDER
#   FOLDER   where the bases are, an absolute path; the new one is FOLDER/2026-11-22
#
# Which server, and as whom, is told as to every client of PostgreSQL: PGHOST, PGPORT, PGUSER, PGPASSFILE. The role needs replication.
# The base has a manifest with a SHA-256 of every file; where pg_verifybackup is there, all are checked against it. The write-ahead log
# is not in it: archive_command keeps that. Nothing is written over and nothing old is taken away. Exit codes: 0 made, 1 pg_basebackup
# or its check failed, 2 refused, nothing was made.
set -euo pipefail

refused() {
  echo "backup.sh: $1" >&2
  exit 2
}

[ $# -eq 1 ] || refused "usage: backup.sh FOLDER"
folder=$1
case "$folder" in
  /*) ;;
  *) refused "FOLDER is to be an absolute path" ;;
esac
[ -d "$folder" ] || refused "$folder is not there"
command -v pg_basebackup > /dev/null || refused "there is no pg_basebackup on the PATH; it comes with the server's client programs"

base="$folder/$(date -u +%F)"
part="$base.part"
[ ! -e "$base" ] || refused "$base is there; a base is never written over"
[ ! -e "$part" ] || refused "$part is there: another backup runs, or one was broken off; look, and take it away"

umask 077
if ! pg_basebackup --pgdata="$part" --wal-method=none --checkpoint=fast --manifest-checksums=SHA256 --no-password; then
  echo "backup.sh: pg_basebackup failed; $base was not made" >&2
  exit 1
fi
if ! { [ -f "$part/backup_label" ] && [ -f "$part/backup_manifest" ]; }; then
  echo "backup.sh: $part has no backup_label or no backup_manifest: it is no base backup" >&2
  exit 1
fi
checked="not checked: there is no pg_verifybackup on the PATH"
if command -v pg_verifybackup > /dev/null; then
  # the write-ahead log is elsewhere
  if ! pg_verifybackup --no-parse-wal --quiet "$part"; then
    echo "backup.sh: $part is not what its manifest says" >&2
    exit 1
  fi
  checked="every file is what its manifest says"
fi
mv "$part" "$base"
echo "made $base ($(du -sh "$base" | cut -f1)): $checked"
