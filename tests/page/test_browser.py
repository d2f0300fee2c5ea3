"""The page in headless Chromium: filter, sort, keyboard, no request to anybody, nothing cut off, contrast, no scripts.

Needs Debian's packages `chromium` and `chromium-driver` and Python's `selenium`; without them it is skipped.
"""

import json
import time

import pytest

from ..chromium import NEEDED, chromium, webdriver
from .pages import IMG, hostile_page, page_of_many, whole_page
from .test_proof_page import PROOF
from .test_proof_page import page as proof_page

pytestmark = NEEDED

FLAGS = "--disable-quic", "--hide-scrollbars"
LOGGED = {"performance": "ALL", "browser": "ALL"}
LEAST_CONTRAST = 4.5  # of text, by the accessibility guidelines
SMALL, WIDE = 360, 1280

CONTRASTS = """
const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
function rgba(color) {
  probe.clearRect(0, 0, 1, 1); probe.fillStyle = color; probe.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = probe.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255];
}
const light = (c) => { const v = c / 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
function ratio(a, b) {
  const [high, low] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (high + 0.05) / (low + 0.05);
}
function behind(element) {
  for (let one = element; one; one = one.parentElement) {
    const color = rgba(getComputedStyle(one).backgroundColor);
    if (color[3] > 0.99) return color;
  }
  return rgba(matchMedia("(prefers-color-scheme: dark)").matches ? "black" : "white");
}
const found = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const node = walker.currentNode, element = node.parentElement, box = element.getBoundingClientRect();
  if (!node.textContent.trim() || !box.width || ["SCRIPT", "STYLE"].includes(element.tagName)) continue;
  const style = getComputedStyle(element), svg = element.closest("svg");
  let back = behind(svg ? svg.parentElement : element);
  const on = Array.from(element.classList).find((name) => name.startsWith("on-"));
  if (on) back = rgba(getComputedStyle(svg.querySelector("path." + on.slice(3))).fill);
  const worth = ratio(rgba(svg ? style.fill : style.color), back);
  found.push([worth, element.className.baseVal ?? element.className, node.textContent.slice(0, 30)]);
}
return found;
"""
OVERFLOWS = """
const wide = document.documentElement.clientWidth, found = [];
for (const one of document.querySelectorAll("body *")) {
  if (one.closest(".rows")) continue; // a table of numbers, which scrolls by itself
  const box = one.getBoundingClientRect(), name = one.tagName + " " + (one.className.baseVal ?? one.className);
  if (box.width && (box.right > wide + 1 || box.left < -1)) found.push(name);
  const block = !one.closest("svg") && one.clientWidth && getComputedStyle(one).display !== "inline";
  if (block && one.scrollWidth > one.clientWidth + 1) found.push("inside " + name);
}
return found;
"""
OPEN_ALL = "document.querySelectorAll('details').forEach((one) => { one.open = true; });"


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    with chromium(tmp_path_factory.mktemp("profile"), FLAGS, **{"goog:loggingPrefs": LOGGED}) as made:
        yield made


@pytest.fixture(scope="module")
def addresses(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    found = {}
    pages = {"whole": whole_page(), "hostile": hostile_page(), "proof": proof_page(PROOF)}
    for name, text in pages.items():
        path = folder / f"{name}.html"
        path.write_text(text, encoding="utf-8")
        found[name] = path.as_uri()
    return found


@pytest.fixture
def show(driver, addresses):
    """Open a page of a width in a scheme of colours."""

    def opened(name="whole", width=WIDE, scheme="light", fragment=""):
        driver.get("about:blank")
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": features})
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width == SMALL}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        driver.get(addresses[name] + fragment)
        return driver

    return opened


def names(driver):
    """The cases that are shown, in their order."""
    return driver.execute_script(
        "return Array.from(document.querySelectorAll('.case:not([hidden]) .name')).map((one) => one.textContent)"
    )


def one(driver, selector):
    return driver.find_element("css selector", selector)


def press(driver, *keys):
    driver.switch_to.active_element.send_keys(*keys)


def active(driver):
    """The case that has the focus."""
    return driver.execute_script(
        "return (document.activeElement.closest('.case') || document.body).querySelector('.name').textContent"
    )


def test_it_asks_nothing_of_anybody_and_runs_nothing_of_a_user(driver, show):
    driver.get_log("performance"), driver.get_log("browser")
    for name in ("whole", "hostile", "proof"):
        shown = show(name)
        shown.execute_script(OPEN_ALL)
        assert shown.title.startswith("gradcheck")
    time.sleep(0.2)
    messages = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    asked = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    assert len(asked) >= 2  # the pages themselves
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"] == []


def test_the_strings_of_users_are_shown_as_they_are(show):
    driver = show("hostile")
    assert names(driver).count(IMG) == 5
    assert driver.find_elements("css selector", "img, iframe, object, main script") == []


def test_the_filter(show):
    driver = show()
    everything = names(driver)
    press(driver, "/")
    press(driver, "gc301 mine.py:1")
    assert names(driver) == ["doubled", "relu", "complex", "larger"] or set(names(driver)) < set(everything)
    box = one(driver, ".tools input")
    box.clear()
    box.send_keys("RELU")
    assert names(driver) == ["relu"]
    assert one(driver, ".shown").text == f"1 of {len(everything)} shown"
    box.send_keys(" nothing")
    assert names(driver) == []
    box.send_keys(webdriver.Keys.ESCAPE)
    assert names(driver) == everything


def test_the_counts_are_filters(show):
    driver = show()
    everything = names(driver)
    one(driver, ".count.error").click()
    assert names(driver) == ["broken"]
    one(driver, ".count.inconclusive").send_keys(webdriver.Keys.ENTER)
    assert names(driver) == ["broken", "vague"]
    assert one(driver, ".count.error").get_attribute("aria-pressed") == "true"
    for word in ("error", "inconclusive"):
        one(driver, f".count.{word}").click()
    assert names(driver) == everything


def test_columns_sort_both_ways_and_by_keyboard(show):
    driver = show()
    first = names(driver)
    one(driver, "[data-by=name]").click()
    assert names(driver) == sorted(first, key=str.lower)
    one(driver, "[data-by=name]").send_keys(webdriver.Keys.ENTER)
    assert names(driver) == sorted(first, key=str.lower, reverse=True)
    assert one(driver, "[data-by=name]").get_attribute("aria-sort") == "descending"
    one(driver, "[data-by=seconds]").send_keys(" ")
    seconds = [float(case.get_attribute("data-seconds")) for case in driver.find_elements("css selector", ".case")]
    assert seconds == sorted(seconds)
    assert one(driver, "[data-by=name]").get_attribute("aria-sort") is None
    one(driver, "[data-by=rank]").click()
    assert names(driver) == first


def test_cases_open_by_mouse_and_by_keyboard(show):
    driver = show()
    second = driver.find_elements("css selector", "details.case")[1]
    summary = second.find_element("css selector", "summary")
    assert second.get_attribute("open") is None
    summary.click()
    assert second.get_attribute("open") is not None
    summary.send_keys(webdriver.Keys.ENTER)
    assert second.get_attribute("open") is None
    shown = names(driver)
    driver.execute_script("document.activeElement.blur()")
    press(driver, "j")
    assert active(driver) == shown[0]
    press(driver, "j")
    press(driver, "j")
    press(driver, "k")
    assert active(driver) == shown[1]
    press(driver, "/")
    press(driver, "jk")
    assert one(driver, ".tools input").get_attribute("value") == "jk"


def test_all_open_and_close(show):
    driver = show()
    for act, state in (("open", True), ("close", False)):
        one(driver, f"[data-act={act}]").click()
        opened = [case.get_attribute("open") for case in driver.find_elements("css selector", "details.case")]
        assert all((value is not None) is state for value in opened)


def test_a_law_leads_to_what_it_says_and_an_address_to_its_case(show):
    driver = show(fragment="#case-3")
    assert driver.find_elements("css selector", "details.case")[2].get_attribute("open") is not None
    law = one(driver, "#case-3 a.law.broke")
    law.click()
    said = one(driver, f"dt[id={law.text.split()[0]}] + dd")
    assert said.is_displayed()


@pytest.mark.parametrize("name", ["whole", "hostile", "proof"])
@pytest.mark.parametrize("width", [SMALL, 700, WIDE])
def test_nothing_is_cut_off_or_sticks_out(show, name, width):
    driver = show(name, width)
    driver.execute_script(OPEN_ALL)
    assert driver.execute_script("return document.documentElement.scrollWidth") <= width
    assert driver.execute_script(OVERFLOWS) == []


@pytest.mark.parametrize(("name", "least"), [("whole", 200), ("proof", 20)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(show, scheme, name, least):
    driver = show(name, WIDE, scheme)
    driver.execute_script(OPEN_ALL)
    found = driver.execute_script(CONTRASTS)
    assert len(found) > least
    assert [worth for worth in found if worth[0] < LEAST_CONTRAST] == []
    dark = driver.execute_script("return getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 27)"
    assert dark is (scheme == "dark")


def test_without_scripts_everything_is_there(driver, show):
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        shown = show()
        assert not one(shown, ".tools").is_displayed()
        assert len(shown.find_elements("css selector", ".case")) == 11
        second = shown.find_elements("css selector", "details.case")[1]
        second.find_element("css selector", "summary").click()
        assert second.find_element("css selector", ".curve svg").is_displayed()
        assert second.find_element("css selector", ".heat svg").is_displayed()
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_on_paper_there_are_no_tools_and_failures_are_open(show):
    driver = show()
    driver.execute_script("window.dispatchEvent(new Event('beforeprint'))")
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert not one(driver, ".tools").is_displayed()
    assert all(case.get_attribute("open") is not None for case in driver.find_elements("css selector", "details.case"))


def test_a_page_of_many_cases_is_there_at_once(show, addresses, tmp_path):
    path = tmp_path / "many.html"
    path.write_text(page_of_many())
    addresses["many"] = path.as_uri()
    driver = show("many")
    loaded = driver.execute_script(
        "const t = performance.getEntriesByType('navigation')[0]; return t.domContentLoadedEventEnd"
    )
    assert 0 < loaded < 10_000  # milliseconds, on a machine that does other things too
    began = time.monotonic()
    driver.find_element("css selector", ".tools input").send_keys("case 77")
    assert len(names(driver)) == 19  # 77, 177 to 977, and 770 to 779
    assert time.monotonic() - began < 10
