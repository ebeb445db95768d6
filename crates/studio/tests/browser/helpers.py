"""What the tests of the page ask and wait for."""

import base64
import time

import numpy as np


def until(page, is_so, secs=30):
    """Waits until something is so. Playwright's own waiting needs eval, which the page forbids."""
    end = time.monotonic() + secs
    while not is_so():
        assert time.monotonic() < end, page.locator("#alert").inner_text()
        page.wait_for_timeout(20)


def state(page, text):
    until(page, lambda: page.locator("#state").inner_text().startswith(text))


def settled(page):
    """Waits until what is seen is drawn."""
    until(page, lambda: page.locator("body").get_attribute("data-ready"))
    page.wait_for_timeout(250)


def command(page):
    return page.locator("#command").inner_text()


def mark(page, **ends):
    """Marks by numbers: of t0, t1, f0 and f1 those that are given."""
    if page.locator("#fields").is_hidden():
        page.locator("#cells").focus()
        page.keyboard.press("r")
        for key in ("Shift+ArrowRight", "Shift+ArrowUp"):
            page.keyboard.press(key)
    # Two ends are kept in order, whichever is typed: so the lower ones go out of the way first.
    ways = [(low, 0) for low, high in (("t0", "t1"), ("f0", "f1")) if low in ends and high in ends]
    for end, value in ways + [(end, ends[end]) for end in ("t1", "f1", "t0", "f0") if end in ends]:
        page.locator(f"#mark-{end}").fill(str(value))
        page.locator(f"#mark-{end}").press("Enter")


def marked(page):
    return [page.locator(f"#mark-{end}").input_value() for end in ("t0", "t1", "f0", "f1")]


def edits(page):
    """The list as the server has it."""
    return page.evaluate(
        """async () => {
          const { json } = await import('/server.js');
          const { documents } = await json('state');
          return (await json(`doc/${documents.at(-1).id}/report`)).edits;
        }"""
    )


def edited(page, does):
    """Does something that edits, and waits until it is done."""
    before = edits(page)["rev"]
    does()
    until(page, lambda: edits(page)["rev"] > before)
    state(page, "Ready")


def samples(page, what="edited", rev=None):
    """All samples of one of the sounds, channels by frames."""
    told = page.evaluate(
        """async ([what, rev]) => {
          const { bytes, json } = await import('/server.js');
          const { documents } = await json('state');
          const { id } = documents.at(-1);
          const { sound, edits } = await json(`doc/${id}/report`);
          const path = `doc/${id}/samples?what=${what}&rev=${rev ?? edits.rev}&from=0&to=1000000`;
          const told = new Uint8Array(await bytes(path));
          let text = '';
          for (let n = 0; n < told.length; n += 32768) text += String.fromCharCode(...told.subarray(n, n + 32768));
          return [sound.channels, btoa(text)];
        }""",
        [what, rev],
    )
    channels, text = told
    return np.frombuffer(base64.b64decode(text), dtype="<f4").reshape(channels, -1)


def level(samples, hz, rate=44100):
    """The level of a sinusoid in samples, in dB, under a Hann window."""
    window = np.hanning(len(samples))
    t = np.arange(len(samples)) / rate
    found = np.abs(np.sum(samples.astype(float) * window * np.exp(-2j * np.pi * hz * t))) * 2 / window.sum()
    return 20 * np.log10(max(found, 1e-12))


def place(page, secs, hz):
    """Where a time and a frequency lie on the page, while all of the sound is seen."""
    x, y = page.evaluate(
        """async ([secs, hz]) => {
          const { rowFromHz } = await import('/axes.js');
          const { json } = await import('/server.js');
          const { documents } = await json('state');
          const { sound } = await json(`doc/${documents.at(-1).id}/report`);
          const row = rowFromHz(sound.centres, hz) + 0.5;
          return [secs / (sound.samples / sound.rate), 1 - row / sound.centres.length];
        }""",
        [secs, hz],
    )
    box = page.locator("#cells").bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def drag(page, places):
    """Drags through places, each seconds and hertz."""
    first, *rest = [place(page, secs, hz) for secs, hz in places]
    page.mouse.move(*first)
    page.mouse.down()
    for x, y in rest:
        page.mouse.move(x, y, steps=6)
    page.mouse.up()
