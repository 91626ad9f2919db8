"""What travels to a browser that has nothing yet, until the first pad of each page can be used."""

from benchmarks import browser, report

PAGES = {"home": "?scene=2", "explore": "explore?run=aae", "compare": "compare", "style": "style", "train": "train"}
MEANINGS = {
    f"{page}_{what}": meaning
    for page in PAGES
    for what, meaning in {
        "megabytes": "encoded bytes of all requests that began before the first pad could be used, 1e6",
        "requests": "how many these were",
        "later_megabytes": "encoded bytes of the requests after that, for 5 s, 1e6",
    }.items()
}
LATER = 5000  # ms
READY = """() => {
  const pad = root => root.querySelector("canvas.map[data-ready=true]");
  const shadows = [...document.querySelectorAll("*")].filter(element => element.shadowRoot);
  return (pad(document) || shadows.some(element => pad(element.shadowRoot))) && Date.now() / 1000;
}"""


def measure() -> dict[str, float]:
    """Open each page in a new browser profile, with a server that has been used before."""
    with browser.serve() as server, browser.chromium() as chromium:
        open_page(chromium, f"{server.address}/{PAGES['home']}")  # the server's caches are no part of this
        figures = {}
        for page, path in PAGES.items():
            before, after = split(open_page(chromium, f"{server.address}/{path}"))
            figures[f"{page}_megabytes"] = sum(before.values()) / 1e6
            figures[f"{page}_requests"] = len(before)
            figures[f"{page}_later_megabytes"] = sum(after.values()) / 1e6
        return figures


def open_page(chromium, address: str) -> tuple[float, list[tuple[str, float, int]]]:
    """When the first pad could be used (s since 1970); the requests: address, when it began, encoded bytes."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page, requests = context.new_page(), Requests()
    requests.watch(context.new_cdp_session(page))
    page.goto(address)
    ready = page.wait_for_function(READY, timeout=60_000).json_value()
    page.wait_for_timeout(LATER)
    context.close()
    return ready, requests.finished()


def split(opened: tuple[float, list[tuple[str, float, int]]]) -> tuple[dict[str, int], dict[str, int]]:
    """The encoded bytes by address of the requests that began before the pad could be used, and of those after."""
    ready, requests = opened
    before = {address: size for address, began, size in requests if began < ready}
    return before, {address: size for address, began, size in requests if began >= ready}


class Requests:
    """The requests of a page, as the browser counts them on the wire."""

    def __init__(self):
        self.began: dict[str, tuple[str, float]] = {}
        self.sizes: dict[str, int] = {}

    def watch(self, session) -> None:
        """Listen to a session of the DevTools protocol."""
        session.on("Network.requestWillBeSent", self._begin)
        session.on("Network.loadingFinished", self._finish)
        session.send("Network.enable")

    def _begin(self, event: dict) -> None:
        self.began[event["requestId"]] = event["request"]["url"], event["wallTime"]

    def _finish(self, event: dict) -> None:
        self.sizes[event["requestId"]] = int(event["encodedDataLength"])

    def finished(self) -> list[tuple[str, float, int]]:
        """Those that have ended: address, when it began (s since 1970), encoded bytes."""
        return [(*self.began[id], size) for id, size in self.sizes.items() if id in self.began]


if __name__ == "__main__":
    report.run(measure, MEANINGS)
