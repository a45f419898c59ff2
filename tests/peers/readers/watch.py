"""Stands between a feed reader and Courant, and notes each answer.

usage: watch.py PORT SITE LOG — passes GET and HEAD on to SITE (http://host:port) and appends to LOG one line for
each answer: status, path, whether the request was conditional, User-Agent.
"""
import http.client
import http.server
import sys
import urllib.parse

port, site, log = int(sys.argv[1]), urllib.parse.urlsplit(sys.argv[2]), sys.argv[3]


class Watch(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        connection = http.client.HTTPConnection(site.hostname, site.port, timeout=30)
        connection.request(self.command, self.path, headers={**headers, "Host": site.netloc})
        answer = connection.getresponse()
        body = answer.read()
        with open(log, "a", encoding="utf-8") as file:
            conditional = "conditional" if {"If-None-Match", "If-Modified-Since"} & set(self.headers) else "plain"
            agent = self.headers.get("User-Agent", "-")
            file.write(f"{answer.status} {self.path} {conditional} {agent}\n")
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length", "date"):
                self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", answer.getheader("Content-Length") or str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", port), Watch).serve_forever()
