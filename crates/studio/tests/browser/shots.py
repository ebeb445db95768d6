"""Pictures of the page's states: python shots.py FOLDER. PHOTOPHONE_COMMAND is the command, PHOTOPHONE_BROWSER the browser."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

COMMAND = os.environ["PHOTOPHONE_COMMAND"]
FIGURE = Path(__file__).parents[3] / "photophone/tests/figures/notes.png"


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        server = subprocess.Popen([COMMAND, "studio", "--no-open"], stdout=subprocess.PIPE, text=True, cwd=place)
        link = server.stdout.readline().strip()
        browser = playwright.chromium.launch(executable_path=os.environ["PHOTOPHONE_BROWSER"])

        def page_of(**how):
            context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **how})
            page = context.new_page()
            page.goto(link)
            page.wait_for_selector("body[data-ready]")
            return page

        def state(page, text):
            page.locator(f"#state:text-matches('^{text}')").wait_for()

        def shot(page, name):
            page.wait_for_timeout(400)
            page.screenshot(path=folder / f"{name}.png")

        page = page_of(color_scheme="light")
        shot(page, "empty")
        page.locator("#chooser").set_input_files(FIGURE)
        state(page, "Read")
        shot(page, "read")
        page.locator("#make").click()
        page.wait_for_timeout(250)
        page.screenshot(path=folder / "busy.png")
        state(page, "Ready")
        shot(page, "recovered")
        page = page_of(color_scheme="dark")
        page.locator("#open").click()
        page.locator("#chooser").set_input_files({"name": "note.txt", "mimeType": "text/plain", "buffer": b"hello"})
        page.wait_for_selector("#alert:not([hidden])")
        shot(page, "error")
        page.goto("about:blank")
        page.goto(link)
        page.evaluate("import('/server.js').then(({ json }) => json('state')).then(({ documents }) => documents.length)")
        demo = Path(place) / "demo.wav"
        subprocess.run([COMMAND, "demo", place + "/demo", "--quiet"], check=True)
        sounds = sorted(Path(place, "demo").glob("*.wav"))
        demo = next((sound for sound in sounds if "original" in sound.name or "clip" in sound.name), sounds[0])
        page.locator("#chooser").set_input_files(demo)
        state(page, "Ready")
        box = page.locator("#cells").bounding_box()
        page.mouse.move(box["x"] + 0.45 * box["width"], box["y"] + 0.25 * box["height"])
        page.mouse.down()
        page.mouse.move(box["x"] + 0.62 * box["width"], box["y"] + 0.45 * box["height"], steps=5)
        page.mouse.up()
        page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.5 * box["height"])
        shot(page, "sound")
        page = page_of(viewport={"width": 390, "height": 844}, has_touch=True)
        page.wait_for_timeout(500)
        shot(page, "narrow")
        browser.close()
        server.terminate()
        server.wait()


main(Path(sys.argv[1]))
