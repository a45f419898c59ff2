"""What the doctor said.

usage: said.py SAID.json records    the records that it proposes, as lines of a zone file
       said.py SAID.json LIGHT      the checks that have this light, each once
"""
import json
import sys

findings = json.load(open(sys.argv[1]))["findings"]
if sys.argv[2] == "records":
    for finding in findings:
        if finding["record"]:
            print(finding["record"]["zone"])
else:
    print(" ".join(sorted({finding["check"] for finding in findings if finding["light"] == sys.argv[2]})))
