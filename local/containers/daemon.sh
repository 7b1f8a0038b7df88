#!/usr/bin/env bash
# A docker daemon of the project's own, for a Debian or Ubuntu machine on which none runs.
#
#   local/containers/daemon.sh start FOLDER     install docker.io if it is missing, start a daemon whose images and
#                                               socket lie in FOLDER; then export DOCKER_HOST=unix://FOLDER/docker.sock
#   local/containers/daemon.sh stop FOLDER      stop it and delete FOLDER
#
# Takes root, or sudo without a password. Says why and fails where a daemon cannot be had.
set -euo pipefail
fail() { echo "No docker daemon: $1." >&2; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

install_engine() {
  command -v apt-get >/dev/null || fail "dockerd is not installed, and this is not Debian"
  as_root apt-get -qq update || fail "apt-get update failed"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
    docker.io iptables mmdebstrap >/dev/null || fail "docker.io cannot be installed"
}

start() {
  [ "$(uname -s)" = Linux ] || fail "one can be started on Linux only"
  as_root true 2>/dev/null || fail "starting one takes root"
  if ! command -v dockerd >/dev/null || ! command -v mmdebstrap >/dev/null; then install_engine; fi
  mkdir -p "$folder"
  as_root setsid dockerd --host "unix://$folder/docker.sock" --group "$(id -gn)" --pidfile "$folder/docker.pid" \
    --data-root "$folder/data" --exec-root "$folder/exec" >"$folder/log" 2>&1 </dev/null &
  for _ in $(seq 120); do
    if [ -S "$folder/docker.sock" ] && docker --host "unix://$folder/docker.sock" info >/dev/null 2>&1; then exit 0; fi
    kill -0 $! 2>/dev/null || break
    sleep 0.5
  done
  fail "dockerd did not start: $(tail -n 3 "$folder/log")"
}

stop() {
  if pid=$(cat "$folder/docker.pid" 2>/dev/null); then
    as_root kill "$pid"
    for _ in $(seq 60); do as_root kill -0 "$pid" 2>/dev/null || break; sleep 0.5; done
  fi
  # The engine leaves the namespaces of containers on the host's network mounted.
  awk -v folder="$folder/" 'index($2, folder) == 1 { print $2 }' /proc/mounts | while read -r mounted; do as_root umount "$mounted"; done
  as_root rm -rf "$folder"
}

action=${1:-} folder=${2:-}
case $action in
  start | stop) [ -n "$folder" ] || fail "say in which folder: $0 $action FOLDER"; "$action" ;;
  *) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
