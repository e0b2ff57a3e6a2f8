"""Runs the tests of a walk, each with a city of its own; a line for each; exit code 1 if any failed, 77 where there is
no PostgreSQL server. Arguments: postgres, and names of tests (none: all)."""

import sys
import traceback


def run(tests, city, **options):
    server, failed = None, []
    names = [word for word in sys.argv[1:] if word not in ("sqlite", "postgres")]
    if "postgres" in sys.argv[1:]:
        from postgres import Postgres, binaries
        if binaries() is None:
            print("no PostgreSQL server is installed: skipped")
            sys.exit(77)
        server = Postgres()
    for test in tests:
        if names and test.__name__ not in names:
            continue
        c = None
        try:
            more = {"database": server.database()} if server else {}
            c = city(**more, **options)
            test(c)
            print(f"ok    {test.__name__}", flush=True)
        except Exception:  # whatever it is, the others are to run
            failed.append(test.__name__)
            print(f"FAIL  {test.__name__}", flush=True)
            traceback.print_exc()
            if c is not None and c.process is not None:
                print(c.log_end())
        finally:
            if c is not None:
                try:
                    c.close()
                except Exception:
                    failed.append(test.__name__)
                    traceback.print_exc()
    if server:
        server.close()
    sys.exit(1 if failed else 0)
