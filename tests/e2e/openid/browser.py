"""A browser's part in a sign-in: cookies of two sites, redirects by hand. The daemon's address is https://sluice.test to
the provider, and its port on this machine to us, as behind a proxy."""

import http.client
import json
import os
import re
import tempfile
import time
import urllib.parse

SITE = "https://sluice.test"
REDIRECT = SITE + "/v1/session/openid/callback"
AFTER = SITE + "/signed-out"
SECRET = "a secret of the client: with / and % and :"


def configuration(issuer, **more):
    """The file for --openid."""
    folder = tempfile.mkdtemp(prefix="sluice-openid-")
    with open(os.path.join(folder, "secret"), "w", encoding="utf-8") as file:
        file.write(SECRET + "\n")
    body = {"issuer": issuer, "client_id": "sluice", "client_secret_file": os.path.join(folder, "secret"),
            "redirect_uri": REDIRECT, "after_sign_in": "/console/", "after_sign_out": AFTER, "allow_http": True,
            "name_zh": "市局统一认证", **more}
    path = os.path.join(folder, "openid.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(body, file)
    return path


def now(c):
    """The provider has the machine's clock, and so has the daemon from here on."""
    c.set_clock(int(time.time() * 1000))


class Page:
    def __init__(self, response):
        self.status, self.location = response.status, response.getheader("Location")
        self.cookies = response.headers.get_all("Set-Cookie") or []
        self.body = response.read().decode()

    def __repr__(self):
        return f"{self.status} {self.location} {self.cookies} {self.body[:300]}"


class Browser:
    def __init__(self, c):
        self.c, self.jar = c, {}

    def open(self, address, method="GET", form=None, headers=None):
        parts = urllib.parse.urlsplit(address)
        site = (parts.scheme, parts.netloc)
        port = self.c.port if address.startswith(SITE) else parts.port
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        sent = {"Accept": "text/html,*/*;q=0.8", **(headers or {})}
        cookies = self.jar.setdefault(site, {})
        if cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        if form is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, parts.path + ("?" + parts.query if parts.query else ""),
                           None if form is None else urllib.parse.urlencode(form), sent)
        page = Page(connection.getresponse())
        connection.close()
        for cookie in page.cookies:
            name, value = cookie.split(";")[0].split("=", 1)
            cookies[name] = value
            if not value:
                del cookies[name]
        return page

    def begin(self):
        """Asks the daemon; the provider's address."""
        page = self.open(SITE + "/v1/session/openid")
        if page.status != 302:
            raise AssertionError(f"no sign-in begins: {page}")
        return page.location

    def consent(self, address, login):
        """Follows the provider's pages until it sends the browser back; that address."""
        for _ in range(12):
            page = self.open(address)
            if page.status in (302, 303):
                address = urllib.parse.urljoin(address, page.location)
                if address.startswith(SITE):
                    return address
                continue
            action = re.search(r'<form[^>]*action="([^"]+)"', page.body).group(1)
            prompt = re.search(r'name="prompt" value="([^"]+)"', page.body).group(1)
            form = {"prompt": prompt, "login": login, "password": "anything"} if prompt == "login" else {"prompt": prompt}
            page = self.open(urllib.parse.urljoin(address, action), "POST", form)
            address = urllib.parse.urljoin(address, page.location)
        raise AssertionError("the provider goes round in circles")
