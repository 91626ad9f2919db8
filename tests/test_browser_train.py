"""The Train page in a real browser: jobs that are watched, films, a painted prior, one phase at a time."""

import re
import time

import pytest
from playwright.sync_api import expect
from website import Map

from aae.app.server import modules
from benchmarks.browser import WAIT_LIMIT, count_sent, open_pad, settle, wait_until

pytestmark = pytest.mark.browser

SMALL = "epochs=5&size=small+(128)"
LONG = "epochs=200&size=as+in+the+paper+(1000-1000)"  # of 55 steps, and of 2,200 large ones
FEEDS = "all => all.map(el => el.latentMap.snapshot().feed)"


def train(page, server, query=SMALL):
    """Start a training on the Train page; its map, once the first frame is there."""
    page.goto(f"{server}/train?{query}")
    page.locator("canvas.map[data-ready=true]").first.wait_for()
    return start(page)


def start(page):
    """Press Train; the map of the new job."""
    before = feeds(page)
    page.get_by_role("button", name="Train", exact=True).click()
    return job_map(page, other_than=before)


def feeds(page):
    """Whom the maps of the page follow."""
    return page.locator("canvas.map[data-ready=true]").evaluate_all(FEEDS)


def job_map(page, other_than=()):
    """The map of the one job that is watched, once it shows something; not one of those that were there before."""
    give_up = time.monotonic() + 240  # an earlier test's job may still save itself
    while not (len(found := feeds(page)) == 1 and found[0] and found[0] not in other_than):
        assert time.monotonic() < give_up, found
        page.wait_for_timeout(50)
    return Map(page, 0)


def wait_for_status(job, status):
    job.wait("s.status === a", status, seconds=400)


def test_a_job_trains_under_the_visitors_eyes_and_is_a_run_everywhere(page, server):
    job = train(page, server)
    wait_for_status(job, "finished")
    page.get_by_role("button", name="Save", exact=True).wait_for()
    steps = job.snapshot()["steps"]
    assert steps[0] == 0 and steps[-1] == 55 and len(steps) > 2
    page.mouse.move(*job.at(0.3, 0.6))  # a page error fails the test
    job.wait("s.peek")
    page.get_by_role("button", name="Rename").click()
    page.get_by_label("Name", exact=True).fill("  my   own ")
    page.keyboard.press("Enter")
    page.get_by_text("my own #").first.wait_for()
    page.keyboard.press("Escape")
    job.wait("s.run.startsWith('my own #')")
    name = job.snapshot()["run"]
    page.reload()
    page.get_by_text(f"{name} · finished").wait_for()
    page.get_by_role("button", name="Delete").wait_for()  # the browser says who we are
    assert "mine=" not in page.url and "watch=" in page.url
    page.get_by_role("link", name="Explore it").click()
    page.wait_for_selector("canvas.map[data-ready=true]")
    Map(page, 0).wait("s.run === a", name)


def test_on_a_phone_the_map_of_a_new_training_comes_into_sight(page, server):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server}/train?{LONG}")
    page.locator("canvas.map[data-ready=true]").nth(2).wait_for()
    settle(page)
    assert page.get_by_test_id("stMain").evaluate("el => el.scrollTop") == 0
    start(page)
    seen = page.locator("canvas.map").first
    wait_until(page, lambda: 0 <= seen.bounding_box()["y"] < 600)
    page.get_by_test_id("stMain").get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Resume").wait_for()


SIGHTS = "canvas.map, canvas.chart, [data-testid='stBaseButton-primary']"
BOXES = "all => all.map(el => { const box = el.getBoundingClientRect(); return [box.top, box.bottom, box.height]; })"
SIZES = ((1024, 768), (1440, 900))


def test_button_answer_maps_and_losses_are_in_sight_together(page, server):
    """Whatever is watched, also while a prior is painted and More is open; and what the queue answers."""

    def see(n, *more):
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            settle(page)
            page.get_by_test_id("stMain").evaluate("el => el.scrollTo(0, 0)")  # a click had scrolled
            boxes = page.locator(SIGHTS).evaluate_all(BOXES)
            assert len(boxes) == n
            assert all(0 <= top < bottom <= height and size > 10 for top, bottom, size in boxes), boxes
            for each in more:
                box = each.bounding_box()
                assert box["y"] >= 0 and box["y"] + box["height"] <= height

    page.goto(f"{server}/train?{LONG}")
    page.locator("canvas.map[data-ready=true]").nth(2).wait_for()
    see(7)
    page.get_by_text("More", exact=True).click()
    page.get_by_text("✎ paint").click()
    page.locator("canvas.paper").wait_for()
    see(7)
    start(page)
    see(3)
    watched = page.url
    page.get_by_role("button", name="Train AE, VAE and AAE").click()
    answer = page.get_by_text(re.compile("^VAE Digits 8x8 #.* · (queued, position|running)"))
    answer.wait_for()
    see(7, answer)
    page.get_by_role("button", name="Train", exact=True).click()
    answer = page.get_by_text("at most 4 of your jobs may wait or run: stop one, or wait")
    answer.wait_for()
    see(7, answer)
    stops = page.get_by_test_id("stMain").get_by_role("button", name="Stop", exact=True, disabled=False)
    for n in (3, 2, 1):
        expect(stops).to_have_count(n, timeout=WAIT_LIMIT)  # one that was pressed twice leaves another job running
        stops.first.click()
    expect(stops).to_have_count(0, timeout=WAIT_LIMIT)
    page.goto(watched)
    page.get_by_test_id("stMain").get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Resume").wait_for()
    page.get_by_role("tab", name="Step by step").click()
    page.get_by_role("button", name="All three in turn").click()
    Map(page, 0).wait("s.steps.length > 1")
    see(4)


def test_the_timeline_moves_everything_without_the_server(page, server):
    frames = count_sent(page)
    job = train(page, server)
    wait_for_status(job, "finished")
    job.wait("s.fetched && s.step === 55")
    page.get_by_role("button", name="Save", exact=True).wait_for()
    settle(page)
    before, pictures = len(frames), page.locator("canvas.strip, canvas.map, canvas.chart")
    last, painted = job.snapshot(), pictures.evaluate_all("all => all.map(el => el.toDataURL())")
    page.locator(".timeline input").evaluate("el => { el.value = 0.2; el.oninput(); }")
    expected = max(step for step in last["steps"] if step <= 11)
    job.wait("s.step === a && s.points !== 0", expected)
    job.wait("s.points !== a", last["points"])
    now = job.snapshot()
    epoch = expected / 11
    assert now["when"] == f"epoch {round(epoch) if epoch == round(epoch) else f'{epoch:.1f}'} of 5"
    assert now["health"] != last["health"]
    changed = pictures.evaluate_all("all => all.map(el => el.toDataURL())")
    assert all(a != b for a, b in zip(painted, changed, strict=True))
    page.wait_for_function("location.search.includes('moment=0.2')")
    job.canvas.focus()
    page.keyboard.press(" ")
    job.wait("s.step === 55")
    assert len(frames) == before > 0


PAINTED = "el => el.painter.snapshot().image"


def test_a_painted_prior_is_in_the_link_and_is_trained_into(page, server, browser):
    page.goto(f"{server}/train?epochs=20&size=small+(128)")
    page.get_by_text("✎ paint").click()
    paper = page.locator("canvas.paper")
    paper.wait_for()
    page.get_by_role("button", name="clear").click()
    page.get_by_text("The canvas of the prior is empty").wait_for()  # what stands above it has its place
    settle(page)
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    paper.evaluate("el => (el.style.marginTop = '50px')")  # words that come and go move it while one paints
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 0.3 * box["height"], steps=5)
    paper.evaluate("el => (el.style.marginTop = '')")
    page.mouse.up()
    image = paper.evaluate(PAINTED)
    rows = [image[i : i + 64] for i in range(0, 4096, 64)]
    assert {i for i, row in enumerate(rows) if row.strip("0")} <= set(range(15, 24)) and "f" * 30 in rows[19]
    page.wait_for_function("location.search.includes('prior=drawn.')")
    settle(page)
    other = browser.new_context().new_page()
    other.goto(page.url)
    other.locator("canvas.paper").wait_for(timeout=WAIT_LIMIT)
    assert other.locator("canvas.paper").evaluate(PAINTED) == image
    other.context.close()
    job = start(page)
    wait_for_status(job, "finished")
    job.wait("s.step === s.total")
    low, middle, high = job.snapshot()["spread"][1]
    assert 0.6 < middle < 1.8  # the stroke lies at 1.2
    assert high - low < 1.2  # and the codes along it


def test_a_second_visitor_watches_and_changes_nothing(page, server, browser):
    job = train(page, server, LONG)
    name = job.snapshot()["run"]
    other = browser.new_context().new_page()
    other.set_default_timeout(WAIT_LIMIT)
    other.goto(f"{server}/train")
    other.locator("canvas.map[data-ready=true]").nth(2).wait_for()  # the shipped three, nobody's job
    other.goto(page.url)
    other.get_by_text("Another visitor's job").wait_for()
    assert job_map(other).snapshot()["run"] == name
    assert other.get_by_role("button", name="Delete").count() == 0
    other.close()
    new_tab = page.context.new_page()  # the browser says who we are, not the address
    new_tab.goto(f"{server}/train")
    new_tab.get_by_test_id("stMain").get_by_role("button", name="Stop", exact=True).wait_for()
    new_tab.close()
    step = job.snapshot()["steps"][-1]
    page.goto("about:blank")  # the tab is closed
    page.go_back()
    job = job_map(page)
    job.wait("s.steps.at(-1) > a", step)
    page.get_by_role("button", name="Pause").click()
    wait_for_status(job, "paused")
    page.get_by_role("button", name="Resume").wait_for()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Yes, remove it").click()
    page.get_by_text(f"{name} · ").wait_for(state="detached")


def test_one_phase_at_a_time(page, server):
    open_pad(page, f"{server}/train?tab=Step+by+step")
    page.get_by_role("tab", name="Step by step").click()
    lesson = Map(page, 0)
    page.locator("canvas.map[data-ready=true]").first.wait_for()
    lesson.wait("s.steps.length === 1")
    for name, networks in (
        ("Reconstruction", ["encoder", "decoder"]),
        ("Discriminator", ["discriminator"]),
        ("Generator", ["encoder"]),
    ):
        before = len(lesson.snapshot()["steps"])
        page.get_by_role("button", name=name, exact=True).click()
        lesson.wait("s.steps.length > a", before)
        assert lesson.snapshot()["lit"] == networks
    page.get_by_role("button", name="Start again").click()
    lesson.wait("s.steps.length === 1 && s.steps[0] === 0")


def test_the_shipped_three_have_films_that_move_together(page, server):
    page.set_viewport_size({"width": 1024, "height": 768})
    page.goto(f"{server}/train")
    page.get_by_role("combobox", name="Watch").click()
    page.get_by_role("option", name="shipped: AE, VAE and AAE").click()
    page.locator("canvas.map[data-ready=true]").nth(2).wait_for()
    assert len({Map(page, i).canvas.bounding_box()["y"] for i in range(3)}) == 1
    page.locator(".timeline input").first.evaluate("el => { el.value = 0.5; el.oninput(); }")
    for i in range(3):
        Map(page, i).wait("s.step === 50")


def test_back_shows_the_training_of_before(page, server):
    page.goto(f"{server}/train")
    page.locator("canvas.map[data-ready=true]").first.wait_for()
    for name in ("vae", "ae"):
        page.get_by_role("combobox", name="Watch").click()
        page.get_by_role("option", name=f"shipped: {name} ·").click()
        page.get_by_text(f"shipped: {name} ·").last.wait_for()
        page.wait_for_function(
            "name => location.search.endsWith(`+${name}`) || location.search.endsWith(`%20${name}`)", arg=name
        )
    settle(page)
    page.go_back()
    page.get_by_role("paragraph").get_by_text("shipped: vae ·").wait_for()


def test_choices_in_quick_turn_leave_no_blank_page(page, server):
    """As many containers and elements, which the browser has, in other places: the messages are in order."""
    open_pad(page, f"{server}/train")
    for i in range(16):
        page.get_by_role("combobox", name="Watch").click()
        name = ("shipped: aae · AAE · Gaussian prior", "shipped: AE, VAE and AAE")[i % 2]
        page.get_by_role("option", name=name, exact=True).click()
        page.wait_for_timeout(40 * (i % 4))
    page.locator("canvas.map[data-ready=true]").nth(2).wait_for()


ENDED = """async ([address, payload]) => {
  const { show } = await import(new URL(address, document.baseURI));
  const parentElement = document.createElement("div");
  document.body.append(parentElement);
  const call = () => show({ data: [payload], parentElement, setStateValue: () => {} });
  const end = call(), before = parentElement.querySelector("button");
  while (document.activeElement !== before) {  // it is hidden until its styles are there
    before.focus();
    await new Promise(requestAnimationFrame);
  }
  end();
  const again = call(), isKept = document.activeElement === before;
  parentElement.remove();
  again();
  return [isKept, parentElement.querySelector("button") === null];
}"""


def test_a_component_that_streamlit_ends_and_calls_again_keeps_the_focus(page, server):
    page.goto(f"{server}/train")
    page.locator(".painter button").first.wait_for()
    one = {"priors": ["gaussian"], "draws": "none", "side": 32, "half": 3, "chosen": "gaussian", "image": ""}
    assert page.evaluate(ENDED, [f"{modules.ADDRESS}/streamlit.js", {"kind": "painter", **one}]) == [True, True]


def test_a_button_that_cannot_be_pressed_can_be_read(page, server):
    page.goto(f"{server}/train?data=custom+data")
    button = page.get_by_role("button", name="Train", exact=True).and_(page.locator(":disabled"))
    button.locator("p").wait_for()
    ground = page.locator(".stApp").evaluate("el => getComputedStyle(el).backgroundColor")
    assert button.locator("p").evaluate("el => getComputedStyle(el).color") != ground
