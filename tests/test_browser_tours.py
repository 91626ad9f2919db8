"""The guided tours in a real browser: by gestures, and by "Show me" alone."""

import pytest
from playwright.sync_api import expect
from website import Map, draw

from aae.app.views import tours
from benchmarks.browser import WAIT_LIMIT, count_sent, settle

pytestmark = pytest.mark.browser
expect.set_options(timeout=WAIT_LIMIT)
READY = ":is(canvas.map, canvas.histogram, .search canvas.digit, .denoise, .clusters .head canvas)"


def at_step(page, length, name):
    """Return once a step is shown, and what it is played with is there."""
    names = tours.steps(length)
    expect(page.locator(".tour .number")).to_have_text(f"{names.index(name) + 1} of {len(names)}")
    expect(page.locator(".tour p")).to_have_text(tours.STEPS[name].ask)
    settle(page)


def is_done(page, name):
    expect(page.locator(".tour.done p")).to_contain_text(tours.STEPS[name].answer)


def go_on(page):
    page.locator(".tour .next").click()


def a_map(page, run, i=0):
    """The map of a run, once it can be used."""
    shown = Map(page, i)
    page.locator("canvas.map[data-ready=true]").nth(i).wait_for()
    shown.wait("s.run === a && s.n > 0", run)
    return shown


def drag(page, shown, path):
    """Press at the first place of a map, and drag through the others."""
    x, y, half = (shown.snapshot()["view"][name] for name in ("x", "y", "half"))
    draw(page, shown.canvas, *[((u - x) / half / 2 + 0.5, (y - v) / half / 2 + 0.5) for u, v in path])


def test_the_short_tour_is_done_by_gestures_and_dragging_asks_the_server_nothing(page, server):
    page.goto(f"{server}/?tour=5")  # it goes where it begins
    at_step(page, "5", "hole")
    frames = count_sent(page)
    shown = a_map(page, "ae")
    before = len(frames)
    drag(page, shown, [(-1.4, 1.0), *tours.STEPS["hole"].path])
    is_done(page, "hole")
    assert len(frames) == before
    go_on(page)

    at_step(page, "5", "path")
    shown = a_map(page, "aae")
    drag(page, shown, [tours.FOUR])
    drag(page, shown, [tours.NINE])
    is_done(page, "path")
    page.wait_for_function("new URLSearchParams(location.search).get('pins')?.includes(';')")
    page.reload()  # the address holds the step, and what is pinned
    is_done(page, "path")
    go_on(page)

    at_step(page, "5", "vae")
    a_map(page, "vae", 1).canvas.click()
    is_done(page, "vae")
    page.go_back()
    is_done(page, "path")
    page.go_forward()
    is_done(page, "vae")
    go_on(page)

    at_step(page, "5", "prior")
    page.get_by_role("combobox", name="Generate images from").click()
    page.get_by_role("option", name="the prior").click()
    is_done(page, "prior")
    go_on(page)

    at_step(page, "5", "roll")
    drag(page, a_map(page, "aae_swiss_roll"), tours.ROLL)
    is_done(page, "roll")
    go_on(page)

    at_step(page, "5", "hand")
    a_map(page, "supervised_2d")
    draw(page, page.locator("canvas.board"), *tours.SEVEN[0])
    is_done(page, "hand")
    page.get_by_role("button", name="Leave").click()
    expect(page.locator(".tour")).to_have_count(0)
    assert "tour" not in page.url and "styles=supervised_2d" in page.url


def test_show_me_does_every_step_of_the_long_tour(page, server):
    page.goto(server)
    page.get_by_role("link", name="Try this: 45 minutes").click()
    names = tours.steps("45")
    for name in names:
        at_step(page, "45", name)
        if name == "train":  # what was painted a step before stays
            expect(page.get_by_role("radio", name="paint")).to_be_checked()
        page.locator(f"{READY}:visible").first.wait_for()
        if tours.STEPS[name].path:
            a_map(page, tours.STEPS[name].goal["name"])
        page.get_by_role("button", name="Show me").click()
        is_done(page, name)
        if name != names[-1]:
            go_on(page)


def test_full_screen_keeps_a_line_of_the_tour_beside_the_map(page, server):
    page.goto(f"{server}/explore?run=ae&tour=5.hole")
    at_step(page, "5", "hole")
    shown = a_map(page, "ae")
    shown.canvas.press("p")
    line = page.locator(".tour.line")
    line.wait_for()
    box, own = shown.canvas.bounding_box(), line.bounding_box()
    assert own["x"] >= box["x"] + box["width"] and line.get_by_role("button").count() == 0
    shown.canvas.press("p")
    page.locator(".tour:not(.line)").wait_for()


def test_a_phone_shows_the_step_without_scrolling_sideways(page, server):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server}/explore?run=ae&tour=5.hole")
    at_step(page, "5", "hole")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    a_map(page, "ae").canvas.evaluate("map => map.scrollIntoView({ block: 'end' })")
    strip, seen = page.locator(".tour").bounding_box(), page.locator("canvas.map").bounding_box()
    assert strip["y"] >= 0 and strip["y"] + strip["height"] < seen["y"]  # it stays above the map


def test_a_link_hides_what_there_is_to_choose_and_keeps_what_it_says(page, server):
    page.goto(f"{server}/compare?runs=vae&draws=the+prior&hide=controls")
    shown = a_map(page, "vae")
    settle(page)
    for control in ("stMultiSelect", "stSelectbox", "stButtonGroup", "stNumberInput", "stPopover"):
        expect(page.get_by_test_id(control).locator("visible=true")).to_have_count(0)
    expect(page.locator(".controls, .side > .buttons, .fade").locator("visible=true")).to_have_count(0)
    expect(page.get_by_role("img", name="draws of vae")).to_be_visible()
    drag(page, shown, [(0, 0), (1, 0.5)])
    shown.wait("s.cursor[0] > 0.9")
    expect(page.locator(".readout")).to_be_visible()


def test_what_is_hidden_stays_hidden_on_every_way_and_the_menu_leaves_the_tour(page, server):
    page.goto(f"{server}/explore?run=ae&tour=5.hole&hide=controls")
    at_step(page, "5", "hole")
    go_on(page)
    at_step(page, "5", "path")
    page.wait_for_url("**/explore?*tour=5.path&hide=controls")
    page.get_by_role("link", name="Style & content").click()  # of the menu
    page.wait_for_url("**/style?hide=controls")
    expect(page.locator(".tour")).to_have_count(0)
    a_map(page, "supervised")
    expect(page.get_by_test_id("stSelectbox").locator("visible=true")).to_have_count(0)
    page.go_back()
    at_step(page, "5", "path")
