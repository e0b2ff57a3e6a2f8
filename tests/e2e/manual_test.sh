#!/usr/bin/env bash
# Manual pages and completion say what --help says: every command and every option, and without a complaint of groff,
# bash or zsh.
set -uo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
fail() {
    echo "FAIL  $*"
    failed=1
}
commands=$("$SLUICE_BIN" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
[ "$(wc -w <<<"$commands")" -ge 20 ] || fail "only these commands: $commands"

"$SLUICE_BIN" completion bash >"$work/bash" || fail "completion bash"
"$SLUICE_BIN" completion zsh >"$work/_sluice" || fail "completion zsh"
"$SLUICE_BIN" manual >"$work/sluice.1" || fail "manual"
bash -n "$work/bash" || fail "bash does not read its completion"
if command -v zsh >/dev/null; then
    zsh -n "$work/_sluice" || fail "zsh does not read its completion"
else
    echo "no zsh: its completion is not parsed"
fi

# What bash offers for a command line whose last word is to be completed.
offers() {
    bash -c 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); compopt() { :; }; _sluice; printf "%s\n" "${COMPREPLY[@]}"' \
        offers "$work/bash" "$@"
}
page_is_clean() {
    if command -v man >/dev/null && command -v groff >/dev/null; then
        local said
        said=$(MANROFFSEQ='' MANWIDTH=80 LC_ALL=C.UTF-8 man --warnings -E UTF-8 -l -Tutf8 -Z "$1" 2>&1 >/dev/null)
        [ -z "$said" ] || fail "man complains about $1: $said"
    fi
    if command -v mandoc >/dev/null; then
        mandoc -Tlint -W warning "$1" | grep -v -e 'missing date' && fail "mandoc complains about $1"
    fi
}
command -v man >/dev/null || echo "no man: pages are not read by it"
page_is_clean "$work/sluice.1"
[ "$(offers sluice "" | sort | xargs)" = "$(printf '%s\n' $commands --help --version | sort | xargs)" ] ||
    fail "bash offers $(offers sluice "" | xargs) for commands"
for command in $commands; do
    "$SLUICE_BIN" manual "$command" >"$work/sluice-$command.1" || fail "manual $command"
    page_is_clean "$work/sluice-$command.1"
    grep -q "sluice\\\\-$command" "$work/sluice.1" || fail "sluice(1) does not name $command"
    grep -q "^    '$command:" "$work/_sluice" || fail "zsh does not offer $command"
    options=$("$SLUICE_BIN" "$command" --help | sed -n '/^Options:/,/^$/s/^  \(-[-a-zA-Z]*\).*/\1/p')
    [ -n "$options" ] || fail "$command --help has no options"
    offered=$(offers sluice "$command" -)
    [ "$(sort <<<"$offered" | xargs)" = "$(sort <<<"$options" | xargs)" ] ||
        fail "bash offers of $command: $(xargs <<<"$offered"); --help has: $(xargs <<<"$options")"
    for option in $options; do
        grep -qF "\\fB${option//-/\\-}\\fR" "$work/sluice-$command.1" || fail "$option is not in the page of $command"
        sed -n "/^    $command)/,/^        ;;/p" "$work/_sluice" | grep -qF -e "'$option[" -e "'*$option[" ||
            fail "zsh does not offer $option of $command"
    done
done
[ "$(offers sluice model t | xargs)" = train ] || fail "words of an argument: $(offers sluice model t | xargs)"
[ "$(offers sluice trace --method "" | xargs)" = "" ] || echo "words of a value: $(offers sluice trace --method "" | xargs)"
"$SLUICE_BIN" manual nothing 2>/dev/null && fail "a page of a command that is not there"
"$SLUICE_BIN" completion fish 2>/dev/null && fail "completion of a shell that is not known"
[ "$failed" = 0 ] && echo "$(wc -w <<<"$commands") commands"
exit "$failed"
