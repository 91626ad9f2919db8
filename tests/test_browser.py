"""Home, Explore, Compare and Style & content in a real browser: Chromium, where it is found."""

import pytest
import torch
from playwright.sync_api import expect
from website import Map

from aae import runs
from aae.analysis import planes
from aae.app.server import blobs
from benchmarks import wire
from benchmarks.browser import WAIT_LIMIT, count_sent, open_pad, paint, settle, wait

pytestmark = pytest.mark.browser


PIXELS = "el => el.toDataURL()"
CHANGED = "(el, before) => el.toDataURL() !== before"


def maps(page, address, n=1):
    """Open a page; its first n maps, once all of them can be used and are exact."""
    open_pad(page, address)
    page.locator("canvas.map[data-ready=true]:not([data-exact=false])").nth(n - 1).wait_for()
    return [Map(page, i) for i in range(n)]


@pytest.mark.parametrize("path", ["?scene=5", "explore?run=digits", "compare", "style"])
def test_a_drag_and_its_release_ask_the_server_nothing_and_end_in_the_link(page, server, path):
    frames = count_sent(page)
    (shown,) = maps(page, f"{server}/{path}")
    digit = page.locator("canvas.digit").first
    before, length = len(frames), page.evaluate("history.length")
    page.mouse.move(*shown.at(0.3, 0.3))
    page.mouse.down()
    for i in range(1, 6):
        picture = digit.evaluate(PIXELS)
        page.mouse.move(*shown.at(0.3 + 0.05 * i, 0.3 + 0.03 * i))
        wait(digit, CHANGED, picture)
    shown.wait("s.manifold.key")
    picture = shown.snapshot()["manifold"]["key"]
    page.mouse.up()
    page.wait_for_function("location.search.includes('z=')")
    page.keyboard.press("m")
    page.wait_for_function("location.search.includes('layers=')")
    settle(page)
    assert len(frames) == before > 0 and page.evaluate("history.length") == length
    assert shown.snapshot()["manifold"]["key"] == picture  # the map did not flash
    there = shown.snapshot()["cursor"]
    page.reload()
    (shown,) = maps(page, page.url)
    assert shown.snapshot()["cursor"] == pytest.approx(there, rel=1e-3) and "prior" not in shown.snapshot()["layers"]


def test_a_rerun_keeps_what_the_browser_wrote_and_another_run_opens_there(page, server):
    (shown,) = maps(page, f"{server}/explore?run=ae")
    page.mouse.click(*shown.at(0.55, 0.45))
    there = shown.snapshot()["cursor"]
    page.wait_for_function("location.search.includes('pins=')")
    page.get_by_role("combobox").first.click()
    page.get_by_role("option", name="AAE · Gaussian prior").click()
    page.wait_for_function("location.search.includes('run=aae') || !location.search.includes('run=')")
    shown.wait("s.run === 'aae' && s.n > 0")
    settle(page)
    state = shown.snapshot()
    assert "z=" in page.url and "pins=" in page.url
    assert state["cursor"] == pytest.approx(there, rel=1e-3) and state["pins"] == [state["cursor"]]


WRITTEN = "() => ['z', 'pins'].map((name) => new URLSearchParams(location.search).get(name)).join()"


def test_maps_that_stay_keep_what_they_wrote_when_another_is_taken_away(page, server):
    (*_, shown) = maps(page, f"{server}/compare?runs=aae&runs=digits", 2)
    page.mouse.click(*shown.at(0.55, 0.45))
    page.wait_for_function("location.search.includes('pins=')")
    written = page.evaluate(WRITTEN)
    page.get_by_text("image", exact=True).first.click()
    page.wait_for_function("location.search.includes('pointer=image')")
    page.get_by_role("button", name="Remove AAE · Gaussian prior").click()
    page.wait_for_function("!location.search.includes('runs=aae')")
    settle(page)
    page.wait_for_function(f"(written) => ({WRITTEN})() === written", arg=written)
    expect(page.locator("canvas.map")).to_have_count(1, timeout=WAIT_LIMIT)  # for a moment none may be there


def test_a_link_of_before_restores_the_place(page, server):
    (shown,) = maps(page, f"{server}/explore?run=digits&z=0.5,-0.25&pins=0,0;1,1")
    state = shown.snapshot()
    assert [state["cursor"], state["pins"]] == [[0.5, -0.25], [[0, 0], [1, 1]]]


def test_keys_move_isolate_pin_zoom_and_undo(page, server):
    (shown,) = maps(page, f"{server}/explore?run=digits")
    shown.canvas.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    assert shown.snapshot()["cursor"] == pytest.approx([0.05, 0.25])
    page.keyboard.press("u")
    assert shown.snapshot()["cursor"] == pytest.approx([0.05, 0])
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    page.keyboard.press("+")
    state = shown.snapshot()
    assert state["only"] == 3 and state["pins"] == [state["cursor"]] and state["zoom"] is not None
    page.keyboard.press("g")
    assert shown.snapshot()["stretch"] and shown.snapshot()["zoom"] is None
    page.keyboard.press("r")
    assert shown.snapshot()["only"] is None and shown.snapshot()["pins"] == []


def test_the_browser_decodes_as_torch_does(page, server):
    run = runs.load(runs.shipped()["digits"])
    codes = torch.randn(200, 2, generator=torch.Generator().manual_seed(0))
    (shown,) = maps(page, f"{server}/explore?run=digits")
    assert (torch.tensor(shown.decode(codes.tolist())) - planes.decode(run.model(), codes)).abs().max() < 1 / 255


def test_wheel_zooms_at_the_pointer_and_double_click_resets(page, server):
    (shown,) = maps(page, f"{server}/explore?run=digits")
    shown.canvas.focus()
    page.mouse.move(*shown.at(0.25, 0.25))
    under = shown.place(0.25, 0.25)
    page.mouse.wheel(0, -400)
    shown.wait("s.zoom !== null")
    assert shown.place(0.25, 0.25) == pytest.approx(under, abs=0.02)
    page.mouse.dblclick(*shown.at(0.5, 0.5))
    assert shown.snapshot()["zoom"] is None and shown.snapshot()["pins"] == []


def test_hovering_peeks_and_leaving_restores(page, server):
    (shown,) = maps(page, f"{server}/explore?run=digits&z=0.5,0.5")
    digit = page.locator("canvas.digit")
    page.mouse.move(*shown.at(-0.1, 0.5))
    paint(page)
    home = digit.evaluate(PIXELS)
    page.mouse.move(*shown.at(0.1, 0.9))
    wait(digit, CHANGED, home)
    page.mouse.move(*shown.at(-0.1, 0.5))
    wait(digit, "(el, home) => el.toDataURL() === home", home)
    assert shown.snapshot()["cursor"] == [0.5, 0.5]


def test_the_prior_and_a_percentile_grid_can_be_shown(page, server):
    (shown,) = maps(page, f"{server}/explore?run=digits")
    pictures = []
    for name in ("prior", "stretch"):
        pictures.append(shown.canvas.evaluate(PIXELS))
        page.get_by_role("button", name=name).click()
        wait(shown.canvas, "(el, before) => !before.includes(el.toDataURL())", pictures)
    std = runs.load(runs.shipped()["digits"]).config.prior_std
    assert shown.place(0.75, 0.5)[0] / std == pytest.approx(0.6745, abs=1e-3)  # a quartile of the normal distribution


def test_on_a_projector_the_decoded_image_is_large_and_the_buttons_are_in_sight(page, server):
    page.set_viewport_size({"width": 1920, "height": 1080})
    maps(page, f"{server}/explore?run=digits")
    digit, keys = page.locator("canvas.digit"), page.get_by_role("button", name="keyboard")
    box = keys.bounding_box()
    assert digit.bounding_box()["width"] > 340 and box["y"] + box["height"] <= 1080


def test_the_map_follows_the_theme(page, server):
    (shown,) = maps(page, f"{server}/explore?run=digits")
    page.emulate_media(color_scheme="light")
    shown.wait("s.ink[0] < 100")
    page.emulate_media(color_scheme="dark")
    shown.wait("s.ink[0] > 150")


def test_fingers_drag_and_pinch(browser, server):
    page = browser.new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    (shown,) = maps(page, f"{server}/explore?run=digits")
    cdp = page.context.new_cdp_session(page)

    def touch(kind, *places):
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(places)]
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", shown.at(0.2, 0.2))
    touch("touchEnd")  # a tap: now the map has the fingers
    touch("touchStart", shown.at(0.2, 0.2))
    touch("touchMove", shown.at(0.5, 0.4))
    touch("touchMove", shown.at(0.7, 0.6))
    touch("touchEnd")
    near = "s.cursor.every((x, axis) => Math.abs(x - a[axis]) < 0.05)"
    shown.wait(near, shown.place(0.7, 0.6))
    before = shown.snapshot()
    touch("touchStart", shown.at(0.45, 0.5))
    touch("touchStart", shown.at(0.45, 0.5), shown.at(0.55, 0.5))
    touch("touchMove", shown.at(0.3, 0.5), shown.at(0.7, 0.5))
    touch("touchEnd")
    shown.wait("s.view.half < 0.6 * a", before["view"]["half"])
    assert [shown.snapshot()[name] for name in ("cursor", "pins")] == [before["cursor"], []]
    page.close()


def test_full_screen_shows_map_and_image_alone_and_outlives_another_run(page, server):
    (shown,) = maps(page, f"{server}/explore?run=digits")
    small = shown.canvas.bounding_box()["width"]
    page.get_by_role("button", name="full screen").click()
    shown.wait("s.full")
    box = shown.canvas.bounding_box()
    assert box["width"] > small and box["y"] >= 0 and box["y"] + box["height"] <= page.evaluate("innerHeight")
    assert page.locator(".legend").is_hidden() and page.locator("canvas.digit").is_visible()
    shown.canvas.focus()
    page.keyboard.press("p")
    shown.wait("!s.full")


# Compare


def compare(page, server, query=""):
    """The three maps of the Compare page."""
    return maps(page, f"{server}/compare?z=0.1,0.1{query}", 3)


def test_a_linked_view_is_that_of_every_map_of_compare(page, server):
    shown = compare(page, server, "&view=0,0,2")
    assert [each.snapshot()["view"] for each in shown] == 3 * [{"x": 0, "y": 0, "half": 2}]


@pytest.mark.parametrize(("width", "height", "query", "n"), [(1440, 900, "", 3), (1920, 1080, "?runs=ae&runs=vae", 2)])
def test_on_compare_the_maps_are_level_and_what_they_decode_is_in_sight(page, server, width, height, query, n):
    page.set_viewport_size({"width": width, "height": height})
    shown = maps(page, f"{server}/compare{query}", n)
    boxes = [each.canvas.bounding_box() for each in shown]
    assert len({box["y"] for box in boxes}) == 1 and min(box["width"] for box in boxes) > 300
    for digit in page.locator("canvas.digit").all():
        box = digit.bounding_box()
        assert box["y"] + box["height"] <= height and box["width"] > 150


def test_on_a_phone_the_first_map_of_compare_is_above_the_fold(page, server):
    page.set_viewport_size({"width": 390, "height": 844})
    shown = compare(page, server)
    assert shown[0].canvas.bounding_box()["y"] < 500
    assert not page.get_by_role("button", name="lasso").is_visible()
    page.get_by_role("button", name="controls").click()
    page.get_by_role("button", name="lasso").click()


def test_compare_takes_one_code_to_all_models(page, server):
    shown = compare(page, server)
    page.mouse.move(*shown[0].at(0.5, 0.5))
    page.mouse.down()
    page.mouse.move(*shown[0].at(0.6, 0.5), steps=8)
    shown[0].wait("Math.abs(s.cursor[0] - a[0]) < 0.02", shown[0].place(0.6, 0.5))
    cursors = [each.snapshot()["cursor"] for each in shown]
    assert cursors[0] == cursors[1] == cursors[2] != [0.1, 0.1]
    page.mouse.up()
    page.wait_for_function("!location.search.includes('z=0.1')")


def test_compare_takes_one_image_to_where_each_model_puts_it(page, server):
    shown = compare(page, server, "&pointer=image")
    page.mouse.move(*shown[1].at(0.5, 0.45))
    shown[1].wait("s.image !== null")
    states = [each.snapshot() for each in shown]
    assert len({state["image"] for state in states}) == 1 and None not in [state["image"] for state in states]
    assert states[0]["place"] != states[1]["place"] != states[2]["place"]
    assert [state["posterior"] is not None for state in states] == [False, True, False]  # the VAE's
    page.mouse.down()
    page.mouse.up()
    page.wait_for_function("image => location.search.includes(`image=${image}`)", arg=states[0]["image"])


def test_a_link_restores_image_and_class(page, server):
    (shown,) = maps(page, f"{server}/style?pointer=image&image=77&digit=8")
    state = shown.snapshot()
    assert [state["image"], state["chosen"]] == [77, 8]


def test_a_link_restores_all_that_is_compared(page, server):
    query = "&view=0.5,0.5,2&only=3&layers=prior&fade=0.3&epoch=50"
    shown = compare(page, server, query)
    for each in shown:
        each.wait("s.epoch === 50")
        state = each.snapshot()
        assert state["zoom"] == {"x": 0.5, "y": 0.5, "half": 2} and state["only"] == 3
        assert state["layers"] == ["prior"] and state["fade"] == 0.3
    page.get_by_role("button", name="zoom to the prior").click()
    page.wait_for_function("!location.search.includes('view=0.5') && location.search.includes('epoch=50')")


def test_images_of_another_data_set_are_left_alone(page, server):
    first, second = maps(page, f"{server}/compare?runs=aae&runs=digits&pointer=image", 2)
    page.mouse.move(*first.at(0.5, 0.5))
    first.wait("s.image !== null")
    assert second.snapshot()["image"] is None


def test_a_map_that_is_still_fetching_can_be_touched(page, server):
    held, released = [], []
    page.route("**/api/blob/*", lambda route: route.continue_() if released else held.append(route))
    page.goto(f"{server}/compare?pointer=image")
    canvas = page.locator("canvas.map").first
    canvas.wait_for()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 50, box["y"] + 50)
    page.mouse.click(box["x"] + 60, box["y"] + 60)
    page.locator("input.epoch").evaluate("el => { el.value = 0; el.oninput(); }")
    released.append(True)
    for route in held:
        route.continue_()
    page.locator("canvas.map[data-ready=true]").nth(2).wait_for()


def test_modules_come_once_from_an_address_that_holds_their_digest(page, server):
    answers = {}
    page.on("response", lambda answer: answers.setdefault(answer.url, answer))
    maps(page, f"{server}/compare", 3)
    modules = {url: answer for url, answer in answers.items() if "/api/web/" in url}
    assert 2 <= len(modules) <= 4 and len({url.split("/api/web/")[1].split("/")[0] for url in modules}) == 1
    assert all("immutable" in answer.headers["cache-control"] for answer in modules.values())


# Style & content


def test_a_walk_through_pinned_styles_is_an_animation(page, server):
    frames = count_sent(page)
    (shown,) = maps(page, f"{server}/style?pins=1,1;-1,0.5")
    before = len(frames)
    for _ in range(2):  # asked again, it comes again
        with page.expect_download() as gif:
            page.get_by_role("button", name="Save the walk as a GIF").click()
        with open(gif.value.path(), "rb") as file:
            assert file.read(6) == b"GIF89a"
    assert len(frames) == before + 2
    assert shown.snapshot()["pins"] == [[1, 1], [-1, 0.5]]


def test_a_drawing_is_encoded_as_torch_does(page, server):
    (shown,) = maps(page, f"{server}/style")
    box = page.locator("canvas.board").bounding_box()
    points = [
        (box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in ((0.3, 0.25), (0.7, 0.25), (0.5, 0.8))
    ]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=6)
    page.mouse.up()
    shown.wait("s.drawing && s.chosen === 7")
    drawn = shown.snapshot()["drawing"]
    model = runs.load(runs.shipped()["supervised"]).model()
    assert drawn["code"] == pytest.approx(model.encode(torch.tensor([drawn["pixels"]])).z[0].tolist(), abs=0.01)
    page.wait_for_function("location.search.includes('z=')")


def test_codes_take_the_colour_of_what_was_measured(page, server):
    (shown,) = maps(page, f"{server}/style")
    before = shown.snapshot()["firstColour"]
    page.locator(".colouring select").select_option("slant")
    shown.wait("s.coloured")
    assert shown.snapshot()["firstColour"] != before


@pytest.mark.parametrize("name", ["aae", "digits"])
def test_the_first_pad_needs_little_of_the_network(browser, server, name):
    """Counted by the browser, in a profile that has nothing yet; test images and exact weights come after it."""
    wire.open_page(browser, f"{server}/?scene=2")  # the server has packed its files
    before, after = wire.split(wire.open_page(browser, f"{server}/explore?run={name}"))
    assert sum(before.values()) < 2_050_000, sorted(before.items(), key=lambda item: -item[1])[:10]
    assert any(blobs.PATH in address for address in after)  # more is fetched then
    assert not any(words in address for address in before for words in ("Plotly", "SyntaxHighlighter"))


def test_back_shows_the_model_of_before(page, server):
    (shown,) = maps(page, f"{server}/explore")
    page.get_by_role("combobox").first.click()
    page.get_by_role("option", name="Priors: AAE · swiss roll").click()
    shown.wait("s.run === 'aae_swiss_roll' && s.n > 0")
    page.wait_for_function("location.search.includes('aae_swiss_roll')")
    settle(page)
    page.go_back()
    shown.wait("s.run === 'aae' && s.n > 0")
    page.go_forward()
    shown.wait("s.run === 'aae_swiss_roll' && s.n > 0")
