# Sourced by the console's tests: exit code 77 (skipped) where there is nothing to test with.
skip() {
    echo "skipped: $*"
    exit 77
}
command -v node >/dev/null || skip "node is not installed"
node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 18 ? 0 : 1)' || skip "node is older than 18"
[ -x /usr/bin/chromium ] || skip "chromium is not installed (Debian package chromium)"
[ -d web/node_modules/playwright-core ] || skip "web/node_modules is not there: build with -DSLUICE_CONSOLE=ON"
grep -aq 'assets/index-' "$SLUICE_BIN" || skip "this build has no console: -DSLUICE_CONSOLE=ON"
