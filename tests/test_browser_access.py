"""Every page in both themes has no serious finding of axe-core, which checks what screen readers and weak eyes need."""

from pathlib import Path

import pytest

from benchmarks.browser import CHROMIUM, settle

AXE = Path(__file__).resolve().parents[1] / "node_modules/axe-core/axe.min.js"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on the PATH (Debian: apt-get install chromium)"),
    pytest.mark.skipif(not AXE.is_file(), reason="no axe-core in node_modules (npm install)"),
]
PAGES = [path.stem for path in Path(__file__).resolve().parents[1].joinpath("pages").glob("*.py")]
FIND = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
  .filter(({ impact }) => ["serious", "critical"].includes(impact))
  .map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ target, failureSummary: why }) => [target, why])])"""


@pytest.mark.parametrize("name", sorted(PAGES))
def test_no_serious_finding(page, server, name):
    page.goto(f"{server}/{'' if name == 'home' else name}")
    page.get_by_role("main").get_by_role("heading").first.wait_for()
    settle(page)
    page.evaluate(AXE.read_text())
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(500)
        assert page.evaluate(FIND) == []
