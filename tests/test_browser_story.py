"""The story of Home in a real browser: through its scenes by keys, its address, and where scenes lead."""

import pytest
from playwright.sync_api import expect
from website import Map

from aae.app.views.story import SCENES
from benchmarks.browser import WAIT_LIMIT, count_sent, settle

pytestmark = pytest.mark.browser
NUMBER = {name: number for number, name in enumerate(SCENES, 1)}
expect.set_options(timeout=WAIT_LIMIT)
READY = "canvas.map[data-ready=true]"


def open_scene(page, server, name):
    """Home at a scene, once its maps can be used."""
    page.goto(f"{server}/?scene={NUMBER[name]}")
    return wait_for(page, name)


def wait_for(page, name):
    """The maps of a scene, once they can be used."""
    scene = SCENES[name]
    expect(page.get_by_role("heading", level=1)).to_have_text(scene.title)
    expect(page.get_by_text(scene.text)).to_be_visible()
    if scene.picture == "pixels":
        expect(page.locator(".pixels canvas")).to_have_count(40)
        return []
    expect(page.locator(READY)).to_have_count(len(scene.runs))
    return [Map(page, i) for i in range(len(scene.runs))]


def test_keys_go_through_all_scenes_and_ask_the_server_nothing(page, server):
    frames = count_sent(page)
    open_scene(page, server, "pixels")
    settle(page)
    before = len(frames)
    for number, name in enumerate(SCENES, 1):
        if number > 1:
            page.keyboard.press("PageDown" if number % 2 else "ArrowRight")
            page.wait_for_function("n => new URLSearchParams(location.search).get('scene') === String(n)", arg=number)
        assert [each.snapshot()["run"] for each in wait_for(page, name)] == (
            [] if name == "pixels" else list(SCENES[name].runs)
        )
    page.keyboard.press("PageDown")  # there is none after the last
    wait_for(page, name)
    page.keyboard.press("ArrowLeft")
    wait_for(page, "style")
    assert len(frames) == before


def test_the_same_draws_are_decoded_by_three_models_on_one_scale(page, server):
    three = open_scene(page, server, "holes")
    expect(page.locator(".grid canvas")).to_have_count(3 * 16)
    shown = [each.snapshot() for each in three]
    assert shown[0]["view"] == shown[1]["view"] == shown[2]["view"]
    page.locator(".grid canvas").nth(4).hover()
    for each in three:
        each.wait("s.peek !== null")


def test_the_address_holds_scene_and_place_and_the_link_takes_them_on(page, server):
    (shown,) = open_scene(page, server, "aae")
    page.mouse.click(*shown.at(0.3, 0.4))
    there = shown.snapshot()["cursor"]
    page.wait_for_function("location.search.includes('pins=')")
    page.reload()
    (shown,) = wait_for(page, "aae")
    assert shown.snapshot()["cursor"] == pytest.approx(there, rel=1e-3)
    page.get_by_role("link", name=SCENES["aae"].label).click()
    page.wait_for_url("**/explore?**")
    page.locator(READY).wait_for()
    shown.wait("s.run === 'aae' && s.n > 0")
    assert shown.snapshot()["cursor"] == pytest.approx(there, rel=1e-3) and shown.snapshot()["fade"] == 0.9
    page.go_back()
    wait_for(page, "aae")
    page.keyboard.press("PageDown")
    wait_for(page, "priors")
    assert "pins=" not in page.url


def test_arrows_on_a_map_move_its_cursor_and_next_keeps_the_focus(page, server):
    (shown,) = open_scene(page, server, "aae")
    before = shown.snapshot()["cursor"]
    shown.canvas.focus()
    page.keyboard.press("ArrowRight")
    shown.wait("s.cursor[0] > a", before[0])
    page.keyboard.press("PageDown")
    wait_for(page, "priors")
    expect(page.get_by_role("button", name="Next")).to_be_focused()
    page.keyboard.press("Enter")
    wait_for(page, "labels")
    expect(page.get_by_role("button", name="Next")).to_be_focused()


def test_who_follows_sees_the_presenters_scene(page, server, browser):
    (shown,) = open_scene(page, server, "aae")
    shown.canvas.press("f")
    page.get_by_role("button", name="link and QR code").click()
    link = page.get_by_label("The link").input_value()
    page.get_by_role("button", name="close (Esc)").click()
    context = browser.new_context(viewport={"width": 390, "height": 844})
    follower = context.new_page()
    follower.goto(link)
    wait_for(follower, "aae")
    page.keyboard.press("PageDown")
    wait_for(follower, "priors")
    page.keyboard.press("PageDown")
    (theirs,) = wait_for(follower, "labels")
    (shown,) = wait_for(page, "labels")
    page.mouse.click(*shown.at(0.3, 0.4))
    theirs.wait("Math.abs(s.cursor[0] - a[0]) < 1e-3", shown.snapshot()["cursor"])
    context.close()


def test_a_scene_that_is_none_opens_the_first_and_is_named(page, server):
    page.goto(f"{server}/?scene=99")
    wait_for(page, "pixels")
    expect(page.get_by_role("alert")).to_contain_text("scene=99")


def test_a_film_waits_for_a_press_where_motion_is_not_welcome(page, server):
    page.emulate_media(reduced_motion="reduce")
    (shown,) = open_scene(page, server, "film")
    shown.wait("s.fetched")
    assert not shown.snapshot()["playing"] and shown.snapshot()["moment"] is None
    page.get_by_role("button", name="Play the training").click()
    shown.wait("s.moment !== null")
