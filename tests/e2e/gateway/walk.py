"""Runs the tests of a walk, each with a city of its own; a line for each; exit code 1 if any failed, 77 where there is
no PostgreSQL server. Arguments: postgres, and names of tests (none: all)."""

import sys
import traceback


def run(tests, city, is_durable=False, **options):
    server, failed = None, []
    names = [word for word in sys.argv[1:] if word not in ("sqlite", "postgres")]
    if "postgres" in sys.argv[1:]:
        import kept
        from postgres import binaries
        if binaries() is None:
            print("no PostgreSQL server is installed: skipped")
            sys.exit(77)
        server = kept.server(is_durable)
    for test in tests:
        if names and test.__name__ not in names:
            continue
        c = None
        try:
            c = city(server=server, **options)
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
    sys.exit(1 if failed else 0)
