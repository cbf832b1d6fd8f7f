"""security.txt on the standard input → what the reader of internet.nl says of it, as JSON."""

import json
import sys

from sectxt import Parser

read = Parser(sys.stdin.buffer.read(), sys.argv[1])
fields = [[line["field_name"].lower(), line["value"]] for line in read.lines if line["field_name"]]
print(json.dumps({"valid": read.is_valid(), "errors": read.errors, "advice": read.recommendations, "fields": fields}))
