"""The browser's modules without the app: a plain page, a payload in a JSON file, and `python -m http.server`."""

from pathlib import Path

import pytest
import torch
from website import open_maps

from aae import runs
from aae.analysis import planes
from aae.app.browser import maps

pytestmark = pytest.mark.browser


@pytest.fixture
def page(plain_page):
    return plain_page


@pytest.fixture(scope="module")
def digits():
    return runs.load(runs.shipped()["digits"])


def test_a_drag_decodes_what_torch_does(page, site, shipped, digits):
    (shown,) = open_maps(page, site, shipped("digits"))
    page.mouse.move(*shown.at(0.3, 0.3))
    page.mouse.down()
    seen, codes = [], []
    for i in range(8):
        page.mouse.move(*shown.at(0.3 + 0.05 * i, 0.3 + 0.04 * i))
        state = shown.snapshot()
        codes.append(state["code"])
        seen.append(state["pixels"])
    page.mouse.up()
    expected = planes.decode(digits.model(), torch.tensor(codes))
    assert len({tuple(code) for code in codes}) == 8
    assert (torch.tensor(seen) - expected).abs().max() < 1 / 255


def test_the_address_follows_a_release_and_is_read_again(page, site, shipped):
    (shown,) = open_maps(page, site, shipped("digits"), query="?mine=secret&run=x")
    length = page.evaluate("history.length")
    page.mouse.click(*shown.at(0.4, 0.4))
    page.keyboard.press("m")
    page.keyboard.press("3")
    page.keyboard.press("+")
    page.wait_for_function("location.search.includes('view=')")
    before = shown.snapshot()
    assert page.evaluate("history.length") == length and "mine=secret" in page.url and "run=x" in page.url
    page.reload()
    page.locator("canvas.map[data-ready=true]").wait_for()
    after = shown.snapshot()
    assert before["only"] == after["only"] == 3 and "prior" not in after["layers"]
    for name in ("cursor", "zoom"):
        values = [list(s[name].values()) if name == "zoom" else s[name] for s in (before, after)]
        assert values[1] == pytest.approx(values[0], rel=1e-3)
    assert after["pins"][0] == pytest.approx(before["pins"][0], rel=1e-3)
    assert after["readout"].splitlines()[0] == before["readout"].splitlines()[0]
    page.evaluate("navigator.clipboard.writeText = async text => { window.copied = text; }")
    page.get_by_role("button", name="copy link").click()
    page.wait_for_function("window.copied?.includes('z=')")
    assert "mine" not in page.evaluate("window.copied")


def test_what_an_address_says_wrongly_is_named(page, site, shipped):
    (shown,) = open_maps(page, site, shipped("digits"), query="?z=abc&only=99&fade=0.25")
    notice = page.locator(".notice").inner_text()
    assert "z=abc" in notice and "only=99" in notice and "two numbers" in notice
    state = shown.snapshot()
    assert (state["cursor"], state["only"], state["fade"]) == ([0, 0], None, 0.25)


def test_a_place_that_is_not_on_this_map_is_dropped(page, site, shipped):
    (shown,) = open_maps(page, site, shipped("digits"), query="?z=40,40&pins=0,0;50,1")
    state = shown.snapshot()
    assert state["cursor"] == [0, 0] and state["pins"] == [[0, 0]]


def test_the_cursor_stays_on_the_map(page, site, shipped):
    payload = shipped("digits")
    (shown,) = open_maps(page, site, payload)
    x, y, half = payload["view"]
    page.mouse.move(*shown.at(0.5, 0.5))
    page.mouse.down()
    page.mouse.move(*shown.at(1.4, -0.2))
    page.mouse.up()
    assert shown.snapshot()["cursor"] == pytest.approx([x + half, y + half])
    for _ in range(5):
        page.keyboard.press("Shift+ArrowRight")
    assert shown.snapshot()["cursor"] == pytest.approx([x + half, y + half])


@pytest.mark.parametrize("plane", ["0,1", "pca"])
def test_near_is_counted_in_all_dimensions(page, site, shipped, plane):
    run = runs.load(runs.shipped()["gaussian_8d"])
    payload = shipped("gaussian_8d", plane)
    (shown,) = open_maps(page, site, payload, query="?z=0.4,-0.3")
    state = shown.snapshot()
    z = maps.plane(run, plane).lift(torch.tensor([[0.4, -0.3]]))
    assert state["code"] == pytest.approx(z[0].tolist(), abs=1e-4)
    distances = torch.cdist(z, run.test_codes.float())[0]
    assert state["around"]["count"] == pytest.approx((distances < payload["radius"]).sum().item(), abs=1)
    assert state["around"]["nearest"] == distances.argsort()[:3].tolist()
    assert "in all 8 dimensions" in state["readout"]


def test_the_circle_is_the_planes_section_of_the_ball(page, site, shipped):
    """An image's code of eight dimensions lies beside the plane: there the ball is cut small, or not at all."""
    offs = runs.load(runs.shipped()["gaussian_8d"]).test_codes.float()[:, 2:].norm(dim=1)
    payload = shipped("gaussian_8d", linked="image")
    for image in (offs.argmin().item(), offs.argmax().item()):
        (shown,) = open_maps(page, site, payload, query=f"?image={image}")
        state, radius = shown.snapshot(), payload["radius"]
        assert "other test code" in state["readout"]
        if offs[image] >= radius:
            assert state["outline"] is None
            continue
        left, right, *_ = state["outline"]
        assert (right - left) / 2 == pytest.approx((radius**2 - offs[image].item() ** 2) ** 0.5, abs=0.01)


def test_hidden_images_are_neither_counted_nor_shown_as_nearest(page, site, shipped, digits):
    (shown,) = open_maps(page, site, shipped("digits"), query="?z=0,0&only=7")
    state, sevens = shown.snapshot(), (digits.test_labels == 7).nonzero()[:, 0]
    distances = digits.test_codes[sevens].float().norm(dim=1)
    assert state["around"]["nearest"] == sevens[distances.argsort()[:3]].tolist() and state["near"] == ["7"] * 3
    assert f"of the {len(sevens)} test codes of class 7" in state["readout"]


def test_a_lasso_is_counted_and_undone(page, site, shipped):
    (shown,) = open_maps(page, site, shipped("digits"))
    for undo in ("u", "Escape"):
        page.get_by_role("button", name="lasso").click()
        page.mouse.move(*shown.at(0.3, 0.3))
        page.mouse.down()
        for x, y in ((0.7, 0.3), (0.7, 0.7), (0.3, 0.7)):
            page.mouse.move(*shown.at(x, y), steps=3)
        page.mouse.up()
        state = shown.snapshot()
        marked = state["marked"]
        assert len(marked) > 20 and f"{len(marked)} images are marked" in state["readout"]
        with page.expect_download() as saving:
            page.keyboard.press("c")
        heads, *lines = Path(saving.value.path()).read_text().splitlines()
        assert heads == "image,class,z0,z1" and [int(line.split(",")[0]) for line in lines] == sorted(marked)
        page.keyboard.press(undo)
        assert shown.snapshot()["marked"] is None
        if undo == "u":
            page.get_by_role("button", name="lasso").click()


def test_a_lasso_is_drawn_by_keys(page, site, shipped):
    (shown,) = open_maps(page, site, shipped("digits"))
    shown.canvas.focus()
    page.keyboard.press("o")
    for towards in ("ArrowRight", "ArrowUp", "ArrowLeft"):
        page.keyboard.press("Enter")
        for _ in range(4):
            page.keyboard.press(f"Shift+{towards}")
    page.keyboard.press("Enter")
    assert "Corners of the lasso: 4." in page.locator(".notice").inner_text() and shown.snapshot()["pins"] == []
    page.keyboard.press("o")
    state = shown.snapshot()
    assert f"{len(state['marked'])} images are marked" in state["readout"]
    page.keyboard.press("u")
    assert shown.snapshot()["marked"] is None


def test_buttons_keep_the_focus_and_have_help(page, site, shipped):
    open_maps(page, site, shipped("digits"))
    button = page.get_by_role("button", name="prior")
    button.focus()
    page.keyboard.press("Enter")
    assert button.evaluate("el => el.getRootNode().activeElement === el")
    assert button.get_attribute("aria-pressed") == "false"
    assert button.get_attribute("title") == "M: show the prior's density"


def test_zooming_keeps_the_old_picture_until_the_new_one_is_there(page, site, shipped):
    (shown,) = open_maps(page, site, shipped("aae"))
    shown.wait("s.manifold.done")
    before = shown.snapshot()["manifold"]["key"]
    page.mouse.click(*shown.at(0.5, 0.5))
    page.keyboard.press("[")  # decoded images alone
    page.keyboard.press("m")
    page.evaluate("""() => {
      const small = new OffscreenCanvas(64, 64).getContext("2d", { willReadFrequently: true });
      const map = document.querySelector("canvas.map").latentMap;
      window.empty = window.painted = 0;
      map.onpaint = () => {
        small.clearRect(0, 0, 64, 64);
        small.drawImage(map.canvas, 0, 0, 64, 64);
        window.painted++;
        const inked = small.getImageData(0, 0, 64, 64).data.filter((value, i) => i % 4 === 3 && value > 20);
        if (inked.length < 200) window.empty++;
      }; }""")
    page.mouse.wheel(0, -300)
    shown.wait("s.manifold.done && s.manifold.key !== a", before)
    assert page.evaluate("[window.empty, window.painted > 1]") == [0, True]


def test_a_picture_becomes_whole_while_the_pointer_stays_down(page, site, shipped):
    (shown,) = open_maps(page, site, shipped("digits"))
    shown.wait("s.manifold.done")
    before = shown.snapshot()["manifold"]["key"]
    page.mouse.move(*shown.at(0.5, 0.5))
    page.mouse.down()
    page.keyboard.press("+")
    shown.wait("s.manifold.done && s.manifold.key !== a", before)
    page.mouse.up()


def test_the_wheel_scrolls_the_page_until_the_map_has_the_focus(page, site, shipped):
    (shown,) = open_maps(page, site, shipped("digits"))
    page.evaluate("document.body.style.height = '4000px'")
    page.mouse.move(*shown.at(0.5, 0.3))
    page.mouse.wheel(0, 50)
    page.wait_for_function("scrollY > 0")
    assert shown.snapshot()["zoom"] is None
    page.evaluate("scrollTo(0, 0)")
    page.mouse.click(*shown.at(0.5, 0.3))
    page.mouse.wheel(0, -200)
    shown.wait("s.zoom !== null")
    assert page.evaluate("scrollY") == 0


def test_a_finger_scrolls_until_the_map_is_tapped(browser, site, shipped):
    page = browser.new_page(viewport={"width": 390, "height": 700}, has_touch=True, is_mobile=True)
    (shown,) = open_maps(page, site, shipped("digits"))
    page.evaluate("document.body.style.height = '4000px'")
    cdp = page.context.new_cdp_session(page)

    def swipe(*places):
        for i, (x, y) in enumerate(places):
            points = [{"x": x, "y": y, "id": 0}]
            cdp.send("Input.dispatchTouchEvent", {"type": "touchMove" if i else "touchStart", "touchPoints": points})
        cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    x, y = shown.at(0.5, 0.8)
    swipe(*[(x, y - 15 * i) for i in range(12)])
    page.wait_for_function("scrollY > 20")
    assert shown.snapshot()["cursor"] == [0, 0]
    swipe(shown.at(0.5, 0.5))
    swipe(shown.at(0.4, 0.5), shown.at(0.6, 0.6), shown.at(0.7, 0.7))
    scrolled, state = page.evaluate("scrollY"), shown.snapshot()
    expected = shown.canvas.evaluate("el => el.latentMap.camera.fromPixel([0.7, 0.7], 1)")
    assert state["cursor"] == pytest.approx(expected, abs=0.05)
    assert page.evaluate("scrollY") == scrolled and state["pins"] == []
    page.close()


def test_a_picture_is_opaque_and_twice_as_large(page, site, shipped):
    from PIL import Image

    (shown,) = open_maps(page, site, shipped("digits"))
    with page.expect_download() as saved:
        page.get_by_role("button", name="save PNG").click()
    side = shown.canvas.bounding_box()["width"]
    with Image.open(saved.value.path()) as picture:
        assert picture.width > 2 * side and picture.convert("RGBA").getchannel("A").getextrema() == (255, 255)


def test_classes_have_names_on_the_map_in_the_key_and_beside_the_nearest(page, site, shipped):
    names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    (shown,) = open_maps(page, site, shipped("digits", class_names=names))
    page.get_by_role("button", name="seven").click()
    state = shown.snapshot()
    assert state["only"] == 7 and set(state["near"]) == {"seven"} and "of class seven" in state["readout"]


def test_maps_of_a_group_look_at_the_same_and_in_anothers_layout_show_their_own_codes(page, site, shipped):
    common = {"group": "g", "view": [0, 0, 4], "radius": 0.3}
    first, second = open_maps(page, site, shipped("vae", **common), shipped("aae", **common))
    page.mouse.move(*first.at(0.55, 0.5))
    page.mouse.down()
    page.mouse.up()
    a, b = first.snapshot(), second.snapshot()
    assert a["cursor"] == b["cursor"] != [0, 0] and a["pins"] == b["pins"] == [a["cursor"]]
    first.canvas.evaluate("el => el.latentMap.group.change({ layout: 'vae' })")
    second.wait("s.points === a", a["points"])
    page.mouse.move(*second.at(0.4, 0.6))
    a, b = first.snapshot(), second.snapshot()
    assert a["image"] == b["image"] is not None and a["place"] == b["place"]
    for state, name in ((a, "vae"), (b, "aae")):
        code = runs.load(runs.shipped()[name]).test_codes[a["image"]].float()
        assert state["code"] == pytest.approx(code.tolist(), abs=1e-4)
    assert "lie as in VAE · Gaussian prior" in b["readout"] and "lie as in" not in a["readout"]


def test_a_click_holds_an_image_and_another_lets_it_go(page, site, shipped):
    (shown,) = open_maps(page, site, shipped("digits", linked="image"))
    page.mouse.move(*shown.at(0.5, 0.5))
    followed = shown.snapshot()
    assert followed["image"] is not None and not followed["held"]
    page.mouse.click(*shown.at(0.5, 0.5))
    page.mouse.move(*shown.at(0.2, 0.2))
    held = shown.snapshot()
    assert held["image"] == followed["image"] and held["held"] and held["pins"] == []
    page.wait_for_function("image => location.search.includes(`image=${image}`)", arg=held["image"])
    page.keyboard.press("Escape")
    page.mouse.move(*shown.at(0.25, 0.25))
    assert shown.snapshot()["image"] != held["image"]


def test_a_model_that_is_gone_is_an_error_in_words(browser, site, shipped):
    page = browser.new_page()
    site.show(shipped("digits", decoder="gone"))
    page.goto(site.address)
    page.locator(".notice[role=alert]").wait_for()
    assert "reload the page" in page.locator(".notice").inner_text()
    page.close()


def test_scripts_of_before_find_the_state_under_its_former_names(page, site, shipped):
    (shown,) = open_maps(page, site, shipped("aae"), query="?z=1,0.5&pins=0,0;1,1&only=4")
    shown.wait("s.only === 4")
    former = page.locator("canvas.map").evaluate("el => el.pad")
    assert former["cursor"] == [1, 0.5] and len(former["pins"]) == 2 and former["isolated"] == 4
    assert former["view"]["half"] > 0 and former["epoch"] is None and 0 <= former["slider"]["value"] <= 1
