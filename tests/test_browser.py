"""The app in a real browser: Chromium, where it is found."""

import time

import pytest

from aae.app import blobs
from benchmarks import wire
from benchmarks.browser import CHROMIUM, WAIT_LIMIT, count_sent, open_pad, paint, settle, wait

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on the PATH (Debian: apt-get install chromium)"),
]


PIXELS = "el => el.toDataURL()"
CHANGED = "(el, before) => el.toDataURL() !== before"


def test_dragging_decodes_in_the_browser_and_ends_in_the_link(page, server):
    frames = count_sent(page)
    at = open_pad(page, f"{server}/explore?run=digits")
    digit = page.locator("canvas.digit")
    page.mouse.move(*at(0.3, 0.3))
    page.mouse.down()
    paint(page)
    before = len(frames)
    for i in range(1, 10):
        shown = digit.evaluate(PIXELS)
        page.mouse.move(*at(0.3 + 0.03 * i, 0.3 + 0.02 * i))
        wait(digit, CHANGED, shown)
    assert len(frames) == before
    pad = page.locator("canvas.map")
    pad.evaluate("el => el.sheet = el.pad.sheet")
    page.mouse.up()
    page.wait_for_function("location.search.includes('z=')")
    settle(page)  # the answer to the release has come
    assert len(frames) == before + 1
    assert pad.evaluate("el => el.sheet === el.pad.sheet")  # the map did not flash
    pad.focus()
    page.keyboard.press("g")
    assert pad.evaluate("el => el.sheet !== el.pad.sheet")  # another geometry is another sheet


def test_a_link_restores_the_place(page, server):
    open_pad(page, f"{server}/explore?run=digits&z=0.5,-0.25&pins=0,0;1,1;nonsense")
    state = page.locator("canvas.map").evaluate("el => [el.pad.cursor, el.pad.pins]")
    assert state == [[0.5, -0.25], [[0, 0], [1, 1]]]


def test_keys_move_isolate_and_undo(page, server):
    open_pad(page, f"{server}/explore?run=digits")
    pad = page.locator("canvas.map")
    pad.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    assert pad.evaluate("el => el.pad.cursor") == pytest.approx([0.05, 0.25])
    page.keyboard.press("u")
    assert pad.evaluate("el => el.pad.cursor") == pytest.approx([0.05, 0])
    page.keyboard.press("3")
    assert pad.evaluate("el => el.pad.isolated") == 3
    page.keyboard.press("g")
    assert pad.evaluate("el => el.pad.percentiles")


def test_the_browser_decodes_as_torch_does(page, server):
    import torch

    from aae import explore, runs

    run = runs.load(runs.shipped()["digits"])
    codes = torch.randn(200, 2, generator=torch.Generator().manual_seed(0))
    expected = explore.decode(run.model(), codes)
    open_pad(page, f"{server}/explore?run=digits")
    decode = "(el, codes) => codes.map(z => Array.from(el.pad.decoder.decode(Float32Array.from(z))))"
    decoded = torch.tensor(page.locator("canvas.map").evaluate(decode, codes.tolist()))
    assert (decoded - expected).abs().max() < 1 / 255


def test_wheel_zooms_at_the_pointer_and_double_click_resets(page, server):
    at = open_pad(page, f"{server}/explore?run=digits")
    pad = page.locator("canvas.map")
    view = "el => [el.pad.view.x, el.pad.view.y, el.pad.view.half]"
    whole = pad.evaluate(view)
    page.mouse.move(*at(0.25, 0.25))
    under = pad.evaluate("el => el.pad.fromPixel(0.25, 0.25, 1)")
    page.mouse.wheel(0, -400)
    wait(pad, "(el, half) => el.pad.view.half < half", whole[2])
    assert pad.evaluate("el => el.pad.fromPixel(0.25, 0.25, 1)") == pytest.approx(under, abs=0.02)
    page.mouse.dblclick(*at(0.5, 0.5))
    assert pad.evaluate(view) == whole
    assert pad.evaluate("el => el.pad.pins") == []


def test_hovering_peeks_and_leaving_restores(page, server):
    at = open_pad(page, f"{server}/explore?run=digits&z=0.5,0.5")
    digit = page.locator("canvas.digit")
    page.mouse.move(*at(-0.1, 0.5))
    paint(page)
    home = digit.evaluate(PIXELS)
    page.mouse.move(*at(0.1, 0.9))
    wait(digit, CHANGED, home)
    page.mouse.move(*at(-0.1, 0.5))
    wait(digit, "(el, home) => el.toDataURL() === home", home)
    assert page.locator("canvas.map").evaluate("el => el.pad.cursor") == [0.5, 0.5]


def test_the_prior_and_the_cells_of_equal_mass_can_be_shown(page, server):
    open_pad(page, f"{server}/explore?run=digits")
    pad = page.locator("canvas.map")
    pictures = []
    for name in ("prior", "equal mass"):
        pictures.append(pad.evaluate(PIXELS))
        page.get_by_role("button", name=name).click()
        wait(pad, "(el, before) => !before.includes(el.toDataURL())", pictures)
    quartile = pad.evaluate("el => el.pad.fromPixel(0.75, 0.5, 1)[0] / el.pad.data.percentile_std")
    assert quartile == pytest.approx(0.6745, abs=1e-3)  # of the normal distribution


def test_the_pad_follows_the_theme(page, server):
    open_pad(page, f"{server}/explore?run=digits")
    pad = page.locator("canvas.map")
    page.emulate_media(color_scheme="light")
    wait(pad, "el => el.pad.ink[0] < 100")
    page.emulate_media(color_scheme="dark")
    wait(pad, "el => el.pad.ink[0] > 150")


def test_fingers_drag_and_pinch(browser, server):
    page = browser.new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    at = open_pad(page, f"{server}/explore?run=digits")
    pad = page.locator("canvas.map")
    cdp = page.context.new_cdp_session(page)

    def touch(kind, *places):
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(places)]
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", at(0.2, 0.2))
    touch("touchMove", at(0.5, 0.4))
    touch("touchMove", at(0.7, 0.6))
    touch("touchEnd")
    there = pad.evaluate("el => el.pad.fromPixel(0.7, 0.6, 1)")
    wait(pad, "(el, there) => el.pad.cursor.every((x, axis) => Math.abs(x - there[axis]) < 0.05)", there)
    before = pad.evaluate("el => el.pad.view.half")
    touch("touchStart", at(0.45, 0.5), at(0.55, 0.5))
    touch("touchMove", at(0.3, 0.5), at(0.7, 0.5))
    touch("touchEnd")
    wait(pad, "(el, before) => el.pad.view.half < 0.6 * before", before)
    page.close()


def compare(page, server, query=""):
    """The Compare page's pads, and a function from shares of one's sides to page pixels."""
    open_pad(page, f"{server}/compare?z=0.1,0.1{query}")
    page.locator("canvas.map[data-ready=true]").nth(2).wait_for()
    pads = [page.locator("canvas.map").nth(i) for i in range(3)]

    def at(i, x, y):
        box = pads[i].bounding_box()
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    return pads, at


def test_compare_takes_one_code_to_all_models_without_a_word_to_the_server(page, server):
    frames = count_sent(page)
    pads, at = compare(page, server)
    page.mouse.move(*at(0, 0.5, 0.5))
    page.mouse.down()
    before = len(frames)
    page.mouse.move(*at(0, 0.6, 0.5), steps=8)
    wait(pads[0], "el => Math.abs(el.pad.cursor[0] - el.pad.fromPixel(0.6, 0.5, 1)[0]) < 0.02")
    cursors = [pad.evaluate("el => el.pad.cursor") for pad in pads]
    assert cursors[0] == cursors[1] == cursors[2] != [0.1, 0.1]
    assert len(frames) == before
    page.mouse.up()
    page.wait_for_function("!location.search.includes('z=0.1')")


def test_compare_takes_one_image_to_where_each_model_puts_it(page, server):
    pads, at = compare(page, server, "&pointer=image")
    page.mouse.move(*at(1, 0.5, 0.45))
    wait(pads[1], "el => el.pad.image !== null")
    images = {pad.evaluate("el => el.pad.image") for pad in pads}
    assert len(images) == 1 and None not in images
    places = [pad.evaluate("el => el.pad.place") for pad in pads]
    assert places[0] != places[1] != places[2]
    assert [pad.evaluate("el => !!el.pad.spread") for pad in pads] == [False, True, False]  # the VAE's posterior
    page.mouse.down()
    page.mouse.up()
    page.wait_for_function(f"location.search.includes('image={images.pop()}')")


def test_a_link_restores_image_and_digit(page, server):
    open_pad(page, f"{server}/style?pointer=image&image=77&digit=8")
    assert page.locator("canvas.map").evaluate("el => [el.pad.image, el.pad.chosen]") == [77, 8]


def test_a_lasso_marks_the_same_images_everywhere(page, server):
    pads, at = compare(page, server)
    page.get_by_role("button", name="lasso").last.click()
    page.mouse.move(*at(2, 0.45, 0.4))
    page.mouse.down()
    for x, y in ((0.6, 0.4), (0.6, 0.55), (0.45, 0.55)):
        page.mouse.move(*at(2, x, y), steps=4)
    page.mouse.up()
    wait(pads[2], "el => el.pad.marked")
    marked = [pad.evaluate("el => [...el.pad.marked].sort()") for pad in pads]
    assert len(marked[0]) > 10 and marked[0] == marked[1] == marked[2]
    box = pads[2].evaluate(
        """el => [...el.pad.marked].every(i => {
             const [x, y] = el.pad.toPixel([el.pad.points[2 * i], el.pad.points[2 * i + 1]], 1);
             return x > 0.44 && x < 0.61 && y > 0.39 && y < 0.56; })"""
    )
    assert box


def test_the_epoch_moves_all_models_through_their_training(page, server):
    pads, _ = compare(page, server)
    page.locator("input.epoch").evaluate("el => { el.value = 0; el.oninput(); }")
    for pad in pads:
        wait(pad, "el => el.pad.epoch === 0 && el.pad.points !== el.pad.home")
    page.get_by_role("button", name="Play the training").click()
    wait(pads[0], "el => el.pad.epoch > 0")
    epochs = "all => all.map(el => el.pad.epoch)"  # in one look: it plays on
    assert len(set(page.locator("canvas.map").evaluate_all(epochs))) == 1


def test_all_pads_zoom_to_the_prior_together(page, server):
    pads, _ = compare(page, server)
    halves = "el => el.pad.view.half"
    wide = [pad.evaluate(halves) for pad in pads]
    page.get_by_role("button", name="zoom to the prior").click()
    near = [pad.evaluate(halves) for pad in pads]
    assert len(set(wide)) == len(set(near)) == 1 and near[0] < 0.6 * wide[0]
    page.get_by_role("button", name="zoom to the prior").click()
    assert [pad.evaluate(halves) for pad in pads] == wide


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_points_fly_to_another_models_positions_or_are_there_at_once(page, server, motion):
    page.emulate_media(reduced_motion=motion)
    pads, _ = compare(page, server)
    pads[0].evaluate("el => { el.seen = [el.pad.points[0]]; el.pad.painted = () => el.seen.push(el.pad.points[0]); }")
    page.locator("select.layout").select_option("aae")
    home = pads[2].evaluate("el => Array.from(el.pad.home.slice(0, 200))")
    wait(pads[0], "(el, home) => home.every((x, i) => Math.abs(x - el.pad.points[i]) < 1e-4)", home)
    paint(page)
    start, *seen = pads[0].evaluate("el => el.seen")
    assert motion == "no-preference" or set(seen) <= {start, home[0]}


def test_ten_digits_follow_the_style_and_a_key_enlarges_one(page, server):
    frames = count_sent(page)
    at = open_pad(page, f"{server}/style")
    ten = page.locator(".ten canvas")
    page.mouse.move(*at(0.3, 0.3))
    page.mouse.down()
    paint(page)
    first, before = ten.evaluate_all("all => all.map(el => el.toDataURL())"), len(frames)
    assert len(set(first)) == 10
    page.mouse.move(*at(0.7, 0.7), steps=5)
    for k in range(10):
        wait(ten.nth(k), CHANGED, first[k])
    assert len(frames) == before
    page.mouse.up()
    digit = page.locator("canvas.digit")
    shown = digit.evaluate(PIXELS)
    page.keyboard.press("7")
    wait(digit, CHANGED, shown)
    assert page.locator(".ten button").nth(7).get_attribute("aria-pressed") == "true"


def test_labels_mix_inside_the_ring(page, server):
    open_pad(page, f"{server}/style")
    ring = page.locator("canvas.ring")
    box = ring.bounding_box()
    ring.click(position={"x": box["width"] / 2, "y": 0.09 * box["height"]})  # at the 0
    wait(page.locator("canvas.map"), "el => el.pad.mix")
    weights = page.locator("canvas.map").evaluate("el => el.pad.mix")
    assert sum(weights) == pytest.approx(1) and weights[0] == max(weights) > 0.4
    assert "never trained on" in page.locator(".mixing").inner_text()


def test_a_drawing_is_encoded_as_torch_does(page, server):
    import torch

    from aae import runs

    open_pad(page, f"{server}/style")
    box = page.locator("canvas.sketch").bounding_box()
    strokes = [(0.3, 0.25), (0.7, 0.25), (0.5, 0.8)]
    page.mouse.move(*[box[k] + s * box[side] for k, side, s in zip("xy", ("width", "height"), strokes[0], strict=True)])
    page.mouse.down()
    for x, y in strokes[1:]:
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=6)
    page.mouse.up()
    pad = page.locator("canvas.map")
    wait(pad, "el => el.pad.drawn")
    drawn, pixels = pad.evaluate("el => [[...el.pad.drawn], [...el.pad.sketch.pixels(28)]]")
    image = torch.tensor(pixels).view(28, 28)
    rows, columns = image.amax(1).nonzero(), image.amax(0).nonzero()
    assert 18 <= max(rows.max() - rows.min(), columns.max() - columns.min()) + 1 <= 22  # MNIST's box of 20
    centre = (image.sum(0) @ torch.arange(28.0)) / image.sum()
    assert centre.item() == pytest.approx(13.5, abs=0.6)
    model = runs.load(runs.shipped()["supervised_2d"]).model()
    assert drawn == pytest.approx(model.encode(image.view(1, -1)).z[0].tolist(), abs=0.01)
    page.wait_for_function("location.search.includes('z=')")


def test_pinned_styles_are_rows_and_a_cell_shows_its_place(page, server):
    open_pad(page, f"{server}/style?pins=1,1;-1,0.5")
    rows = page.locator("canvas.rows")
    rows.wait_for()
    assert rows.evaluate("el => [el.width, el.height]") == [280, 56]
    box = rows.bounding_box()
    rows.hover(position={"x": box["width"] / 2, "y": 0.75 * box["height"]})
    wait(page.locator("canvas.map"), "el => el.pad.peek?.[0] === -1 && el.pad.peek[1] === 0.5")
    with page.expect_download() as gif:
        page.get_by_role("button", name="Save the walk as a GIF").click()
    with open(gif.value.path(), "rb") as file:
        assert file.read(6) == b"GIF89a"


def test_codes_take_the_colour_of_what_was_measured(page, server):
    open_pad(page, f"{server}/style")
    pad = page.locator("canvas.map")
    before = pad.evaluate("el => el.pad.colour(3, 0)")
    page.locator("select").first.select_option("slant")
    wait(pad, "el => el.pad.shownAttribute")
    assert pad.evaluate("el => el.pad.colour(3, 0)") != before


def test_images_of_another_data_set_are_left_alone(page, server):
    open_pad(page, f"{server}/compare?runs=aae&runs=digits&pointer=image")
    pads = [page.locator("canvas.map").nth(i) for i in range(2)]
    for pad in pads:
        pad.and_(page.locator("[data-ready=true]")).wait_for()
    box = pads[0].bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    wait(pads[0], "el => el.pad.image !== null")
    assert pads[1].evaluate("el => el.pad.image") is None


def test_a_pad_that_is_still_fetching_can_be_touched(page, server):
    held, released = [], []
    page.route("**/api/blob/*", lambda route: route.continue_() if released else held.append(route))
    page.goto(f"{server}/compare?pointer=image")
    pad = page.locator("canvas.map").first
    pad.wait_for()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 50, box["y"] + 50)
    page.mouse.click(box["x"] + 60, box["y"] + 60)
    page.locator("input.epoch").evaluate("el => { el.value = 0; el.oninput(); }")
    released.append(True)
    for route in held:
        route.continue_()
    page.locator("canvas.map[data-ready=true]").nth(2).wait_for()


def test_a_postcard_holds_ten_digits(page, server):
    from PIL import Image

    open_pad(page, f"{server}/style")
    with page.expect_download() as card:
        page.get_by_role("button", name="postcard").click()
    with Image.open(card.value.path()) as picture:
        assert picture.width > 1500 and picture.height > 200 and len(picture.convert("L").getcolors()) > 20


SMALL = "epochs=5&size=small+(128)"
LONG = "epochs=200&size=as+in+the+paper+(1000-1000)"  # of 55 steps, and of 2,200 large ones


def train(page, server, query=SMALL):
    """Start a training on the Train page; its pad, once the first frame is there."""
    page.goto(f"{server}/train?{query}")
    page.locator("canvas.map[data-ready=true]").first.wait_for()
    return start(page)


def start(page):
    """Press Train; the pad of the new job."""
    before = feeds(page)
    page.get_by_role("button", name="Train", exact=True).click()
    return job_pad(page, other_than=before)


def feeds(page):
    """Whom the pads of the page follow."""
    return page.locator("canvas.map[data-ready=true]").evaluate_all("all => all.map(el => el.pad.data.feed)")


def job_pad(page, other_than=()):
    """The pad of the one job that is watched, once it shows something; not one of those that were there before."""
    until(page, lambda: len(found := feeds(page)) == 1 and found[0] and found[0] not in other_than)
    return page.locator("canvas.map[data-ready=true]")


def until(page, condition, seconds=60):
    """Return once the condition holds."""
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "it did not happen"
        page.wait_for_timeout(50)


def wait_for_status(page, pad, status):
    until(page, lambda: pad.evaluate("el => el.pad.status") == status, seconds=180)


def test_a_job_trains_under_the_visitors_eyes_and_is_a_run_everywhere(page, server):
    pad = train(page, server)
    wait_for_status(page, pad, "finished")
    page.get_by_role("button", name="Save", exact=True).wait_for()
    steps = pad.evaluate("el => el.pad.moments.map(moment => moment.step)")
    assert steps[0] == 0 and steps[-1] == 55 and len(steps) > 2
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.6 * box["height"])  # a page error fails the test
    page.mouse.wheel(0, -200)
    wait(pad, "el => el.pad.peek")
    pad.evaluate("el => void el.pad.copyLink()")
    assert "mine=" not in pad.evaluate("el => el.pad.address()")
    page.get_by_role("button", name="Rename").click()
    page.get_by_label("Name", exact=True).fill("  my   own ")
    page.keyboard.press("Enter")
    page.get_by_text("my own #").first.wait_for()
    page.keyboard.press("Escape")
    wait(pad, "el => el.pad.data.run.startsWith('my own #')")
    name = pad.evaluate("el => el.pad.data.run")
    page.reload()
    page.get_by_text(f"{name} · finished").wait_for()
    page.get_by_role("button", name="Delete").wait_for()  # the browser says who we are
    assert "mine=" not in page.url and "watch=" in page.url
    page.get_by_role("link", name="Explore it").click()
    page.wait_for_selector("canvas.map[data-ready=true]")
    assert page.locator("canvas.map").first.evaluate("el => el.pad.data.run") == name


def test_the_timeline_moves_everything_without_the_server(page, server):
    frames = count_sent(page)
    pad = train(page, server)
    wait_for_status(page, pad, "finished")
    wait(pad, "el => el.pad.moments.every(moment => moment.here)")
    page.get_by_role("button", name="Save", exact=True).wait_for()
    settle(page)
    before = len(frames)
    seen = """el => [Array.from(el.pad.points.slice(0, 4)), el.pad.strip.toDataURL(), el.pad.health.textContent,
      el.pad.shown.inked("sheet", [0, 0, 0]).toDataURL(), el.pad.whenText.textContent]"""
    last = pad.evaluate(seen)
    pad.evaluate("el => { el.pad.when.value = 0.2; el.pad.when.oninput(); }")
    wait(pad, "el => el.pad.moment === el.pad.moments.findLast(moment => moment.step <= 11)")
    wait(pad, "el => el.pad.whenText.textContent === `epoch ${+(el.pad.moment.step / 11).toFixed(1)} of 5`")
    differs = "every((now, i) => JSON.stringify(now) !== JSON.stringify(last[i]))"
    wait(pad, f"(el, last) => ({seen})(el).{differs}", last)
    pad.focus()
    page.keyboard.press(" ")
    wait(pad, "el => el.pad.moment.step === 55")
    assert len(frames) == before > 0


def test_a_painted_prior_is_trained_into(page, server):
    page.goto(f"{server}/train?epochs=20&size=small+(128)")
    page.get_by_text("✎ paint").click()
    paper = page.locator("canvas.paper")
    paper.wait_for()
    page.get_by_role("button", name="clear").click()
    box = paper.bounding_box()
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 0.3 * box["height"], steps=5)
    page.mouse.up()
    image = paper.evaluate("el => el.painter.image()")
    rows = [image[i : i + 64] for i in range(0, 4096, 64)]
    assert {i for i, row in enumerate(rows) if row.strip("0")} <= set(range(15, 24)) and "f" * 30 in rows[19]
    settle(page)
    pad = start(page)
    before = pad.evaluate("el => Array.from(el.pad.points)")
    wait_for_status(page, pad, "finished")
    wait(pad, "el => el.pad.moment?.step === el.pad.steps && el.pad.points === el.pad.home")  # it has come to rest
    after = pad.evaluate("el => Array.from(el.pad.points)")
    assert after != before
    heights = sorted(after[1::2])
    assert 0.6 < heights[len(heights) // 2] < 1.8  # the stroke lies at 1.2
    assert heights[9 * len(heights) // 10] - heights[len(heights) // 10] < 1.2  # and the codes along it


def test_a_second_visitor_watches_and_changes_nothing(page, server, browser):
    pad = train(page, server, LONG)
    name = pad.evaluate("el => el.pad.data.run")
    other = browser.new_context().new_page()
    other.set_default_timeout(WAIT_LIMIT)
    other.goto(f"{server}/train")
    other.locator("canvas.map[data-ready=true]").nth(2).wait_for()  # the shipped three, nobody's job
    other.goto(page.url)
    other.get_by_text("Another visitor's job").wait_for()
    theirs = job_pad(other)
    assert theirs.evaluate("el => el.pad.data.run") == name
    assert other.get_by_role("button", name="Delete").count() == 0
    other.close()
    new_tab = page.context.new_page()  # the browser says who we are, not the address
    new_tab.goto(f"{server}/train")
    new_tab.get_by_role("button", name="Stop", exact=True).wait_for()
    new_tab.close()
    step = pad.evaluate("el => el.pad.moments.at(-1).step")
    page.goto("about:blank")  # the tab is closed
    page.go_back()
    pad = job_pad(page)
    wait(pad, "(el, step) => el.pad.moments.at(-1).step > step", step)
    page.get_by_role("button", name="Pause").click()
    wait_for_status(page, pad, "paused")
    page.get_by_role("button", name="Resume").wait_for()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Yes, remove it").click()
    page.get_by_text(f"{name} · ").wait_for(state="detached")


def test_one_phase_at_a_time(page, server):
    open_pad(page, f"{server}/train?tab=Step+by+step")
    page.get_by_role("tab", name="Step by step").click()
    pad = page.locator("canvas.map[data-ready=true]").first
    pad.wait_for()
    lit = "el => [...el.pad.pad.querySelectorAll('g.lit')].map(part => part.dataset.part)"
    for name, networks in (
        ("Reconstruction", ["encoder", "decoder"]),
        ("Discriminator", ["discriminator"]),
        ("Encoder", ["encoder"]),
    ):
        before = pad.evaluate("el => el.pad.moments.length")
        page.get_by_role("button", name=name, exact=True).click()
        wait(pad, "(el, n) => el.pad.moments.length > n", before)
        assert pad.evaluate(lit) == networks
    page.get_by_role("button", name="Start again").click()
    fresh = "all => all.length === 1 && all[0].pad.moments.length === 1 && all[0].pad.moments[0].step === 0"
    until(page, lambda: page.locator("canvas.map[data-ready=true]").evaluate_all(fresh))


def watch_shipped(page, server):
    """The pads of the shipped trio on the Train page."""
    page.goto(f"{server}/train")
    page.get_by_role("combobox").last.click()
    page.get_by_role("option", name="shipped: AE, VAE and AAE").click()
    page.locator("canvas.map[data-ready=true]").nth(2).wait_for()
    return [page.locator("canvas.map").nth(i) for i in range(3)]


def test_close_losses_find_room_for_their_names(page, server):
    """Wherever the lines end: a search for room that turns round at the middle would never end."""
    pad = watch_shipped(page, server)[0]
    pad.evaluate("""el => {
      for (let i = 0; i < 300; i++) {
        const at = () => Math.exp(Math.sin(i * 12.9898 + Math.random() * 9));
        el.pad.history = [{ epoch: 50, reconstruction: 9, discriminator: 0.1, generator: 1 },
          { epoch: 100, reconstruction: at(), discriminator: at(), generator: at() }];
        el.pad.paintChart();
      }
    }""")


def test_the_shipped_three_have_timelines_that_move_together(page, server):
    pads = watch_shipped(page, server)
    pads[0].evaluate("el => { el.pad.when.value = 0.5; el.pad.when.oninput(); }")
    for pad in pads:
        wait(pad, "el => el.pad.moment.step === 50")


@pytest.mark.parametrize("name", ["aae", "digits"])
def test_the_first_pad_needs_little_of_the_network(browser, server, name):
    """Counted by the browser, in a profile that has nothing yet; test images and exact weights come after it."""
    wire.open_page(browser, server)  # the server has packed its files
    before, after = wire.split(wire.open_page(browser, f"{server}/explore?run={name}"))
    assert sum(before.values()) < 2_000_000, sorted(before.items(), key=lambda item: -item[1])[:10]
    assert any(blobs.PATH in address for address in after)  # more is fetched then
    assert not any(words in address for address in before for words in ("Plotly", "SyntaxHighlighter"))
