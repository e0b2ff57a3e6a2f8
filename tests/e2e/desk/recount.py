#!/usr/bin/env python3
"""Counts a bulletin's figures again from the API's raw records, and compares.

It knows nothing of Sluice but its HTTP API: it reads the bulletin as JSON, and for each figure the query that stands
beside it (which collection, which terms, which measure), pages through the collection, and counts.

    recount.py URL TOKEN BULLETIN_ID          exit code 1 when a figure differs

Standard library only."""

import datetime
import json
import sys
import urllib.parse
import urllib.request

PURPOSE = "复核通报数据"


class Http:
    def __init__(self, url, token):
        self.url, self.token = url.rstrip("/"), token

    def __call__(self, path):
        request = urllib.request.Request(self.url + path, headers={
            "Authorization": "Bearer " + self.token, "Sluice-Purpose": urllib.parse.quote(PURPOSE)})
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read())


def moment(text):
    return datetime.datetime.fromisoformat(text)


def is_time(value):
    return isinstance(value, str) and len(value) >= 19 and value[4:5] == "-" and value[10:11] == "T"


def compare(value, operator, wanted):
    if operator == "is_null":
        return value is None
    if operator == "is_not_null":
        return value is not None
    if value is None:
        return False
    if is_time(value) and is_time(wanted):
        value, wanted = moment(value), moment(wanted)
    return {"=": lambda: value == wanted, "!=": lambda: value != wanted, "<": lambda: value < wanted,
            "<=": lambda: value <= wanted, ">": lambda: value > wanted, ">=": lambda: value >= wanted}[operator]()


def holds(record, term):
    value = record[term["field"]]
    if term["is"] == "in":
        return value in term["values"]
    return compare(value, term["is"], term.get("value"))


class Recount:
    """`get` is a function from a path to JSON."""

    def __init__(self, get):
        self.get, self.collections = get, {}

    def pages(self, collection):
        rows, cursor = [], None
        while True:
            path = f"/v1/{collection}?limit=200&order=id"
            path += "&cursor=" + urllib.parse.quote(cursor) if cursor else ""
            page = self.get(path)
            rows += page["items"]
            cursor = page["next"]
            if not cursor:
                return rows

    def records(self, collection):
        """All of a collection; of "campaigns/*/sends" those of every parent."""
        if collection not in self.collections:
            if "*" in collection:
                parents, _, child = collection.partition("/*/")
                rows = [row for parent in self.records(parents) for row in self.pages(f"{parents}/{parent['id']}/{child}")]
            else:
                rows = self.pages(collection)
            self.collections[collection] = rows
        return self.collections[collection]

    @staticmethod
    def measure(rows, query):
        if query["measure"] == "count":
            return len(rows)
        values = [row[query["field"]] for row in rows if row[query["field"]] is not None]
        return len(set(values)) if query["measure"] == "distinct" else sum(values)

    def count(self, query, values):
        if query["measure"] == "days":
            return query["days"], None
        if query["measure"] == "per_day":
            return (2 * values[query["of"]] + query["days"]) // (2 * query["days"]), None
        rows = [row for row in self.records(query["collection"]) if all(holds(row, term) for term in query["terms"])]
        parts = None
        if query["by"]:
            parts = {}
            for key in {row[query["by"]] for row in rows}:
                value = self.measure([row for row in rows if row[query["by"]] == key], query)
                if value or query["measure"] != "distinct":
                    parts[key] = value
        return self.measure(rows, query), parts

    def differences(self, document):
        """(section, figure, stated, counted) of whatever differs; and how many figures were counted."""
        wrong, counted = [], 0
        for section in document["sections"]:
            values = {}
            days = (moment(section["to"]) - moment(section["from"])) / datetime.timedelta(days=1)
            for figure in section["figures"]:
                value, parts = self.count(figure["query"], values)
                values[figure["code"]] = value
                counted += 1
                if figure["query"]["measure"] == "days" and not days <= value < days + 1:
                    wrong.append((section["code"], figure["code"], figure["value"], days))
                if value != figure["value"]:
                    wrong.append((section["code"], figure["code"], figure["value"], value))
                stated = {part["code"]: part["value"] for part in figure.get("parts", [])}
                if parts is not None and stated != parts:
                    wrong.append((section["code"], figure["code"], stated, parts))
        return wrong, counted


def main():
    get = Http(sys.argv[1], sys.argv[2])
    document = get(f"/v1/bulletins/{sys.argv[3]}/document?format=json")
    wrong, counted = Recount(get).differences(document)
    for section, code, stated, found in wrong:
        print(f"{section}.{code}: the bulletin says {stated}, the records {found}")
    print(f"{counted} figures, {len(wrong)} differ")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
