#!/usr/bin/env python3
"""Reads CTest's JUnit file: prints `passed failed skipped`, or with --failures the end of what each failed test said."""

import sys
import xml.etree.ElementTree

TAIL_LINES = 30


def main():
    failures = sys.argv[1] == "--failures"
    cases = xml.etree.ElementTree.parse(sys.argv[-1]).getroot().findall("testcase")
    status = [case.get("status") for case in cases]
    if failures:
        for case in cases:
            if case.get("status") not in ("run", "notrun", "disabled"):
                print(f"--- {case.get('name')} after {float(case.get('time')):.1f} s")
                print("\n".join((case.findtext("system-out") or "").splitlines()[-TAIL_LINES:]))
        return 0
    passed, skipped = status.count("run"), status.count("notrun") + status.count("disabled")
    print(passed, len(status) - passed - skipped, skipped)
    for case in cases:
        if case.get("status") == "notrun" and case.find("skipped") is None:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
