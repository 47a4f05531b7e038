# A PostgreSQL of this run alone; sourced, never run. It lives in a temporary folder, listens on a
# socket there and nowhere else, and is gone when the script ends.

# start_postgres: sets ODOP_TEST_POSTGRES for the store's contract tests. When it cannot start, says
# why in one line; returns 1 if ODOP_REQUIRE_POSTGRES is set (.ci/run), else the tests say that they
# left PostgreSQL out.
start_postgres() {
  [ -z "${ODOP_TEST_POSTGRES:-}" ] || return 0  # somebody brought one
  local bin
  bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1) || true
  if [ -z "$bin" ]; then
    without_postgres "it is not installed"
    return
  fi
  postgres_folder=$(mktemp -d /tmp/odop-postgres.XXXXXX)
  postgres_control=("$bin/pg_ctl" -D "$postgres_folder/data")
  local as=()
  if [ "$(id -u)" = 0 ]; then  # PostgreSQL refuses to run as root
    chown postgres "$postgres_folder"
    as=(runuser -u postgres --)
    postgres_control=("${as[@]}" "${postgres_control[@]}")
  fi
  trap stop_postgres EXIT
  # The tests' data is worth nothing after them, so nothing waits for the disk.
  if ! (cd "$postgres_folder" && "${as[@]}" "$bin/initdb" -D data -U odop -A trust -E UTF8 \
          --locale=C.UTF-8 --no-sync >setup.log 2>&1); then
    without_postgres "$(tail -n 1 "$postgres_folder/setup.log")"
    return
  fi
  if ! (cd "$postgres_folder" && "${postgres_control[@]}" -w -t 30 -l "$postgres_folder/data/server.log" -o \
          "-c listen_addresses= -c unix_socket_directories=$postgres_folder -c fsync=off" \
          start >setup.log 2>&1); then
    without_postgres "$(tail -n 1 "$postgres_folder/data/server.log" 2>/dev/null)"
    return
  fi
  export ODOP_TEST_POSTGRES="postgresql:///postgres?host=$postgres_folder&user=odop"
}

# without_postgres REASON
without_postgres() {
  echo "PostgreSQL is left out: $1" >&2
  [ -z "${ODOP_REQUIRE_POSTGRES:-}" ]
}

stop_postgres() {
  [ -n "${postgres_folder:-}" ] || return 0
  (cd "$postgres_folder" && "${postgres_control[@]}" -m immediate stop >/dev/null 2>&1) || true
  rm -rf "$postgres_folder"
  postgres_folder=
}
