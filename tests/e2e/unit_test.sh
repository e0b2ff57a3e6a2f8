#!/usr/bin/env bash
# The systemd unit is one that systemd takes, and keeps the daemon as tight as it was. Needs systemd-analyze; exit code 77
# (skipped) without it.
set -euo pipefail
command -v systemd-analyze >/dev/null || {
    echo "skipped: systemd-analyze is not installed"
    exit 77
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
sed "s|@CMAKE_INSTALL_FULL_BINDIR@/sluice|$SLUICE_BIN|" packaging/systemd/sluice.service.in >"$folder/sluice.service"
systemd-analyze verify --man=no "$folder/sluice.service" 2>&1 | grep -F 'sluice.service' | tee "$folder/said" || true
test ! -s "$folder/said"
# 0 is tight, 10 is open; what is left is what a daemon needs (it listens, it has an address family).
systemd-analyze security --offline=yes --threshold=20 --no-pager "$folder/sluice.service" | tail -n 2
