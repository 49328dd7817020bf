#!/bin/sh
# need.sh build|server...: makes sure that what building or testing needs is installed, by apt where it is not.
#
# build: a C compiler, make and libclang, which the parser of PostgreSQL is built with, and Rust's own tools.
# server: a PostgreSQL server with pg_dump and psql; one that is named in UNDERPIN_PG_BIN or installed will do.
set -eu

has() { command -v "$1" >/dev/null 2>&1; }

install() {
  if ! has apt-get; then
    echo "$0: install these by hand: $*" >&2
    exit 1
  fi
  sudo=
  [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "$@"
}

has_libclang() {
  for library in /usr/lib/llvm-*/lib/libclang*.so* /usr/lib/*/libclang*.so* "${LIBCLANG_PATH:-/nowhere}"/libclang*; do
    [ -e "$library" ] && return 0
  done
  return 1
}

has_server() {
  [ -n "${UNDERPIN_PG_BIN:-}" ] && return 0
  if has postgres && has initdb && has pg_dump; then return 0; fi
  for program in /usr/lib/postgresql/*/bin/postgres /usr/pgsql-*/bin/postgres; do
    [ -x "$program" ] && [ -x "${program%postgres}pg_dump" ] && return 0
  done
  return 1
}

for what in "$@"; do
  case $what in
    build)
      if ! { has gcc && has make && has clang && has_libclang; }; then
        install gcc libc6-dev make clang libclang-dev
      fi
      if ! has cargo; then
        echo "$0: cargo is not there: install Rust with rustup" >&2
        exit 1
      fi
      for component in rustfmt clippy; do
        has "cargo-${component#rust}" || rustup component add "$component"
      done
      ;;
    server)
      has_server || install postgresql postgresql-client
      ;;
    *)
      echo "usage: $0 build|server..." >&2
      exit 2
      ;;
  esac
done
