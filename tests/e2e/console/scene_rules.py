"""The scene of the rules: those of the project in use, a change that waits for somebody else, and a draft on the same file."""

from rule_changes import file_of, submitted, write

PATH = "mule/run_point.rule"


def add(c, ids):
    text = file_of(c, PATH)["text"]
    change = submitted(c, "# 上周漏报两起，提高分值\n" + text, path=PATH)
    ids["rule_change"] = change["id"]
    write(c, "# 草稿\n" + text, path=PATH)
