#!/usr/bin/env bash
# See to it that a docker daemon answers, on Debian and Ubuntu: install one if there is none, and start it.
# Says why and fails where that cannot be done. DOCKER_ROOT= keeps images elsewhere than in /var/lib/docker.
set -euo pipefail
answers() { docker info >/dev/null 2>&1; }
fail() { echo "No docker daemon: $1. Container tests will be skipped." >&2; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

if ! answers; then
  [ "$(uname -s)" = Linux ] || fail "one can be started on Linux only"
  as_root true 2>/dev/null || fail "starting one takes root"
  if ! command -v dockerd >/dev/null || ! command -v mmdebstrap >/dev/null; then
    command -v apt-get >/dev/null || fail "dockerd is not installed, and this is not Debian"
    as_root apt-get -qq update && as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get -qq install -y --no-install-recommends docker.io mmdebstrap iptables >/dev/null || fail "docker.io cannot be installed"
  fi
  log=$(mktemp)
  as_root setsid dockerd --data-root "${DOCKER_ROOT:-/var/lib/docker}" >"$log" 2>&1 </dev/null &
  for _ in $(seq 60); do answers && break; sleep 0.5; done
  answers || fail "dockerd did not start: $(tail -n 3 "$log")"
fi
echo "A docker daemon answers."
