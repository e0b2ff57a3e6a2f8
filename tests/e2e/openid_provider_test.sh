#!/usr/bin/env bash
# Sign-in through a real identity provider that this project did not write: npm's oidc-provider, a certified
# implementation, installed into build/openid the first time. Skipped without node, or without a registry.
set -u
folder=$PWD/build/openid package=oidc-provider@8.8.1
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    echo "no node and npm: skipped"
    exit 77
fi
if [ ! -f "$folder/node_modules/oidc-provider/package.json" ]; then
    mkdir -p "$folder"
    npm install --silent --no-audit --no-fund --no-save --ignore-scripts --prefix "$folder" "$package" >"$folder/npm.log" 2>&1 || {
        echo "$package cannot be installed (no network?): skipped"
        exit 77
    }
fi
OIDC_PROVIDER=$folder/node_modules/oidc-provider/lib/index.js PYTHONPATH=tests/e2e/desk \
    exec python3 tests/e2e/openid/provider.py sqlite
