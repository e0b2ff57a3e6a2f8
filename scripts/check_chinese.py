#!/usr/bin/env python3
"""Every sentence that the program may say to a user has its Chinese in src/text/chinese_*.c, and every row is still said.

Formats are read out of the calls in SAID (the index is that of the format among the arguments, and every literal of a
?: counts). What no user of the console is told is in NOT_FOR_USERS, with the reason.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])\'|/\*.*?\*/|//[^\n]*|[A-Za-z_]\w*|\s+|.', re.S)
FOLDERS = "base signal trace detect engine desk server".split()  # those of gateway that stay are in a delivery's last_error
SAID = {
    "error_set": 2, "desk_fault_add": 2, "api_fault_add": 3, "request_fail": 3, "cel_fail": 2,
    "rule_fail": 3, "rule_fail_at": 4, "rule_expected": 2, "rule_take_number": 1, "rule_take_texts": 1,
}
# static functions of one folder that take the sentence
SAID_IN = {
    "desk": {"fault": 2},
    "server": {},
    "detect": {"bad": 2, "bad_word": 2, "expected": 1, "take_choice": 3, "is_value": 2},
    "signal": {},
}
SAID_IN_FILE = {"mapping.c": {"fail": 2}, "partner_sign.c": {"refuse": 1}, "decisions.c": {"refuse": 2}, "cel_regex.c": {"fail": 2}}
MACROS = {"PRId64": "lld", "PRIu64": "llu", "PRIu32": "u", "PRId32": "d", "ISO_NAMESPACE": "%s"}
ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
NOT_FOR_USERS = {
    "files": {  # the command line, starting the daemon, damage of the store: told to whoever runs it
        "bulletin.c", "copy.c", "user.c:options", "http_open.c", "tls.c", "openid_config.c", "openid_token.c", "openid_fetch.c", "openid.c",
        "server.c", "notice.c", "route.c", "refuse_page.c", "web.c", "batch.c", "batch_decode.c", "truth.c", "snapshot.c",
        "flush.c", "shapes_api.c", "features_api.c", "decide.c", "decide_ahead.c", "engine.c", "imports.c", "pacs008.c",
        "detection.c", "append.c", "render.c", "returns_files.c", "returns_render.c", "detector.c", "signal_json.c",
        "stream.c", "loop.c", "json_write.c",
    },
    "model": re.compile(r"^model"),  # training is the command line's
    "formats": re.compile(r"^(%[.*\w]+|%s:? ?%s|%\.200s.*|.*\.size is .*|sluice_\w+.*|.*newer library.*|.*restore a backup.*|the plan has .*|a chunk needs .*|.*insecure-open.*|.*a detector is open.*|a count without.*|%s, %s|'%\.\*s'.*)$"),
}


def tokens(text):
    return [m.group(0) for m in TOKEN.finditer(text) if not m.group(0).isspace() and not m.group(0).startswith(("/*", "//"))]


def unquote(token):
    return re.sub(r"\\(.)", lambda m: ESCAPES.get(m.group(1), m.group(1)), token[1:-1], flags=re.S)


def literals(argument):
    """Literals that stand together are one; those of a ?: are several."""
    found, current = [], None
    for token in argument:
        if token.startswith('"'):
            current = (current or "") + unquote(token)
        elif token in MACROS and current is not None:
            current += MACROS[token]
        else:
            if current is not None:
                found.append(current)
            current = None
    return found + ([current] if current is not None else [])


def said(path):
    table = {**SAID, **SAID_IN.get(path.parent.name, {}), **SAID_IN_FILE.get(path.name, {})}
    read = tokens(path.read_text())
    for at in range(len(read) - 1):
        if read[at] not in table or read[at + 1] != "(":
            continue
        depth, arguments, i = 0, [[]], at + 1
        while True:
            token = read[i]
            depth += token in ("(", "[", "{")
            depth -= token in (")", "]", "}")
            if depth == 0:
                break
            if token == "," and depth == 1:
                arguments.append([])
            elif i > at + 1:
                arguments[-1].append(token)
            i += 1
        if len(arguments) > table[read[at]]:
            found = literals(arguments[table[read[at]]])
            yield from [one.replace("%", "%%") for one in found] if read[at] == "request_fail" else found


def rows():
    for path in sorted(ROOT.glob("src/text/chinese_*.c")):
        if path.name.endswith("_test.c"):
            continue
        text = path.read_text().split("ROWS[] = {")[1].split("\n};")[0]
        found = re.findall(r'\{((?:"(?:\\.|[^"\\])*"\s*)+),\s*("(?:\\.|[^"\\])*")\}', text)
        for english, chinese in found:
            yield path.name, "".join(unquote(t) for t in re.findall(r'"(?:\\.|[^"\\])*"', english)), unquote(chinese)


def main():
    wrong = []
    catalogue = {}
    for file, english, chinese in rows():
        if english in catalogue:
            wrong.append(f"{file}: twice: {english!r}")
        catalogue[english] = chinese
        if not re.search(r"[\u4e00-\u9fff]", chinese) and not re.fullmatch(r"[\W\d]*", chinese):
            wrong.append(f"{file}: no Chinese: {chinese!r}")
    whole = ""
    count = 0
    for folder in FOLDERS:
        for path in sorted((ROOT / "src" / folder).rglob("*.c")):
            if path.name.endswith("_test.c"):
                continue
            for english in said(path):
                count += 1
                hidden = (
                    path.name in NOT_FOR_USERS["files"] or NOT_FOR_USERS["model"].match(path.name)
                    or NOT_FOR_USERS["formats"].match(english) or re.search(r"[\u4e00-\u9fff]+.* / ", english)
                )
                if english not in catalogue and not hidden:
                    wrong.append(f"{path.relative_to(ROOT)}: no Chinese for {english!r}")
    for path in [*ROOT.glob("src/*/*.c"), *ROOT.glob("include/sluice/*.h"), *ROOT.glob("src/*/*.h")]:
        if path.parent.name != "text":
            whole += "\0" + "".join(
                unquote(t) if t.startswith('"') else MACROS.get(t, "\0") for t in tokens(path.read_text())
                if t != "\n"
            )
    wrong += [f"nobody says any more: {english!r}" for english in catalogue
              if english not in whole and english.replace("%%", "%") not in whole]
    print("\n".join(wrong) or f"{len(catalogue)} sentences; {count} calls looked at")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
