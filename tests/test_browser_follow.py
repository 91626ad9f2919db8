"""Follow me, in two real browsers: one presents, the other sees the same until it is touched."""

import pytest

from benchmarks.browser import WAIT_LIMIT, open_pad

pytestmark = pytest.mark.browser
IS_AT = "(map, z) => map.latentMap.state.cursor.every((x, i) => Math.abs(x - z[i]) < 1e-4)"


@pytest.fixture
def follower(browser):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(WAIT_LIMIT)
    yield context.new_page()
    context.close()


def place(page):
    return page.locator("canvas.map").first.evaluate("map => map.latentMap.state.cursor")


def wait_at(page, z):
    """Wait until the page's first map is at a place."""
    element = page.locator("canvas.map").first.element_handle()
    page.wait_for_function(IS_AT.replace("(map, z)", "([map, z])"), arg=[element, z])


def drag(page, dx, dy):
    box = page.locator("canvas.map").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + dx, box["y"] + box["height"] / 2 + dy, steps=4)
    page.mouse.up()
    return place(page)


def test_a_follower_sees_the_presenters_page_run_and_place_until_it_is_touched(page, server, follower):
    open_pad(page, f"{server}/explore?run=vae")
    page.get_by_role("button", name="follow me").click()
    page.get_by_role("button", name="link and QR code").click()
    page.locator("dialog img[src*='qr.svg']").evaluate("image => image.decode()")
    link = page.get_by_label("The link").input_value()
    page.get_by_role("button", name="close (Esc)").click()
    open_pad(follower, link)
    follower.get_by_text("You follow the presenter.").wait_for()
    banner = follower.locator(".follow-banner").bounding_box()
    assert banner["y"] + banner["height"] < 60  # on a phone in the bar of the menu: nothing else is covered

    wait_at(follower, drag(page, 60, -40))
    page.get_by_role("combobox", name="Run").first.click()
    page.get_by_role("option", name="Compare these first: AAE · Gaussian prior", exact=True).click()
    follower.wait_for_function("!location.search.includes('run=vae')")  # the default run is not in the address
    page.get_by_test_id("stTopNavLink").filter(has_text="Style").click()
    follower.wait_for_url("**/style?*")
    follower.locator("canvas.map[data-ready=true]").first.wait_for()

    mine = follower.locator("canvas.map").first
    mine.click()  # it is the follower's own now
    follower.get_by_text("You left the presenter.").wait_for()
    page.locator("canvas.map[data-ready=true]").first.wait_for()
    theirs = drag(page, -50, 30)
    follower.wait_for_timeout(300)
    assert place(follower) != pytest.approx(theirs, abs=1e-3)
    follower.keyboard.press("f")
    wait_at(follower, theirs)

    page.locator("canvas.map").first.press("f")
    page.locator(".follow-banner").wait_for(state="hidden")


def test_pages_without_a_map_are_followed_too(page, server, follower):
    open_pad(page, f"{server}/denoise")
    page.goto(f"{server}/explore?run=vae")
    page.locator("canvas.map[data-ready=true]").first.press("f")
    page.get_by_text("You present: 0 follow.").wait_for()
    page.get_by_role("button", name="link and QR code").click()
    room = page.get_by_label("The link").input_value().split("follow=")[1]
    page.get_by_role("button", name="close (Esc)").click()
    open_pad(follower, f"{server}/?follow={room}")
    page.goto(f"{server}/denoise?image=7")  # a reload: it goes on presenting
    follower.wait_for_url("**/denoise?*image=7*")
    page.get_by_role("button", name="next ▶").click()
    follower.get_by_text("Test image 8, labelled").wait_for()
