#!/usr/bin/env bash
# Make the base image tripane-base from Debian packages, where no container registry can be reached.
# Needs root, a docker daemon and mmdebstrap. MIRROR= takes another Debian mirror.
set -euo pipefail
hooks=/usr/share/mmdebstrap/hooks/merged-usr
command -v mmdebstrap >/dev/null || { echo "mmdebstrap is missing: apt-get install mmdebstrap" >&2; exit 1; }

# Without usr-is-merged the package usrmerge is taken, and with it all of perl.
# shellcheck disable=SC2086 # MIRROR may be empty
mmdebstrap --quiet --variant=apt --mode=root --format=tar --hook-dir="$hooks" --include=usr-is-merged \
  --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --dpkgopt='path-exclude=/usr/share/info/*' \
  --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-include=/usr/share/doc/*/copyright' \
  --aptopt='APT::Install-Recommends "false"' \
  --aptopt='Acquire::Languages "none"' \
  --customize-hook='chroot "$1" rm -rf /var/log/apt /var/log/dpkg.log /var/cache/ldconfig/aux-cache' \
  bookworm - ${MIRROR:-} |
  "${DOCKER:-docker}" import -c 'CMD ["bash"]' -c 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' - tripane-base
