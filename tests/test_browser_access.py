"""Every page works by keyboard, and in both themes has no serious finding of axe-core."""

from pathlib import Path

import pytest

from benchmarks.browser import settle

AXE = Path(__file__).resolve().parents[1] / "node_modules/axe-core/axe.min.js"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not AXE.is_file(), reason="no axe-core in node_modules (npm install)"),
]
PAGES = [path.stem for path in Path(__file__).resolve().parents[1].joinpath("pages").glob("*.py")]
WITHOUT_MODULES = ("evaluate", "tune")
FIND = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
  .filter(({ impact }) => ["serious", "critical"].includes(impact))
  .map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ target, failureSummary: why }) => [target, why])])"""

KEYBOARD = """
  const all = (root) => [...root.querySelectorAll("*")]
    .flatMap((el) => (el.shadowRoot ? [el, ...all(el.shadowRoot)] : el));
  const ours = () => all(document).filter((el) =>
    el.closest(".pad, .controls, .painter, .clusters, .story") && el.checkVisibility());
  const nameOf = (el) => [el.localName, el.className, el.getAttribute("aria-label") ?? el.textContent].join(" ");
  const active = () => {
    let el = document.activeElement;
    while (el?.shadowRoot?.activeElement) el = el.shadowRoot.activeElement;
    return el;
  };
"""
OPEN = f"() => {{ {KEYBOARD} return ours().length > 10; }}"
BY_POINTER_ALONE = f"""() => {{ {KEYBOARD}
  return ours().filter((el) => el.onpointerdown && el.localName === "canvas")
    .filter((el) => el.tabIndex < 0 || !el.getAttribute("aria-label")).map(nameOf); }}"""
MARK = f"() => {{ {KEYBOARD} const el = active(), was = el.walked; el.walked = true; return was === true; }}"
NOT_WALKED = f"""() => {{ {KEYBOARD}
  return ours().filter((el) => el.matches("button, input, select, summary, canvas[tabindex]"))
    .filter((el) => !el.walked).map(nameOf); }}"""
LOST = f"""async () => {{ {KEYBOARD}
  const elsewhere = /full screen|photo|copy link|follow me|QR code|save|file|train/i, pressed = {{}}, lost = [];
  const idle = "[data-testid=stApp][data-test-script-state=notRunning]";
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  for (const el of ours().filter((each) => each.localName === "button" && !elsewhere.test(nameOf(each)))) {{
    if (!el.isConnected || !el.checkVisibility()) continue;
    const group = `${{el.className}} in ${{el.parentElement.className}}`, n = pressed[group] ?? 0;
    if (n > 8) continue; // of a table of a hundred cells
    pressed[group] = n + 1;
    el.focus();
    el.click();
    await wait(el.role === "radio" ? 500 : 30); // a choice runs the page's script
    while (!document.querySelector(idle)) await wait(30);
    if (active() === document.body) lost.push(nameOf(el));
  }}
  return lost; }}"""


def check_keyboard(page):
    """Each canvas with gestures has keys, Tab reaches everything, and the focus stays on a button that is pressed."""
    assert page.evaluate(BY_POINTER_ALONE) == []
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate(MARK):
            break
    assert page.evaluate(NOT_WALKED) == []
    assert page.evaluate(LOST) == []


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_has_no_serious_finding_and_works_by_keyboard(page, server, name):
    page.goto(f"{server}/{'' if name == 'home' else name}")
    page.get_by_role("main").get_by_role("heading").first.wait_for()
    settle(page)
    if name not in WITHOUT_MODULES:
        page.wait_for_function(OPEN)
    page.evaluate(AXE.read_text())
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(500)
        assert page.evaluate(FIND) == []
    check_keyboard(page)
