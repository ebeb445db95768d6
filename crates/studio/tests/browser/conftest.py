"""A server and a browser for each test. PHOTOPHONE_COMMAND is the command, PHOTOPHONE_BROWSER the browser."""

import os
import signal
import subprocess
import wave
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import sync_playwright

COMMAND = os.environ["PHOTOPHONE_COMMAND"]
BROWSER = os.environ["PHOTOPHONE_BROWSER"]

# What the browser says of answers that a test provokes: nothing that the page says itself.
PROVOKED = "Failed to load resource"


class Server:
    """`photophone studio` with a folder of its own for temporary files."""

    def __init__(self, folder, *arguments):
        self.temporary = folder / "temporary"
        self.temporary.mkdir()
        self.process = subprocess.Popen(
            [COMMAND, "studio", "--no-open", *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "TMPDIR": str(self.temporary)},
        )
        self.link = self.process.stdout.readline().strip()
        assert self.link.startswith("http://127.0.0.1:"), self.process.stderr.read()

    def interrupt(self):
        """Ctrl-C; gives the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=10)


@pytest.fixture
def serve(tmp_path):
    servers = []

    def start(*arguments):
        folder = tmp_path / f"server{len(servers)}"
        folder.mkdir()
        servers.append(Server(folder, *arguments))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            assert server.interrupt() == 0
        assert list(server.temporary.iterdir()) == []


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser):
    """Opens a link; the console has to be empty in the end."""
    contexts, said = [], []

    def go(link, **how):
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **how})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15000)
        page.on("console", lambda message: said.append(message.text) if PROVOKED not in message.text else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(link)
        return page

    yield go
    for context in contexts:
        context.close()
    assert said == []


def write_wav(path, samples, rate=44100):
    """A WAV of 16 bits; samples by channels or samples alone."""
    samples = np.asarray(samples)
    with wave.open(str(path), "wb") as file:
        file.setparams((1 if samples.ndim == 1 else samples.shape[1], 2, rate, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return Path(path)


@pytest.fixture(scope="session")
def tones(tmp_path_factory):
    """Two seconds of 440 Hz at -20 dB, in the second half with 880 Hz at -6 dB."""
    t = np.arange(2 * 44100) / 44100
    samples = 0.1 * np.sin(2 * np.pi * 440 * t) + (t >= 1) * 0.5 * np.sin(2 * np.pi * 880 * t)
    return write_wav(tmp_path_factory.mktemp("sounds") / "tones.wav", samples)


@pytest.fixture(scope="session")
def drawn(tmp_path_factory):
    """The picture that the command draws of half a second of the lower one."""
    t = np.arange(11025) / 22050
    tone = write_wav(tmp_path_factory.mktemp("pictures") / "tone.wav", 0.1 * np.sin(2 * np.pi * 440 * t), 22050)
    subprocess.run([COMMAND, "--quiet", "draw", str(tone)], check=True)
    return tone.with_suffix(".png")


@pytest.fixture(scope="session")
def bare(tmp_path_factory, drawn):
    """The same picture without recipe and phase."""
    from PIL import Image

    path = tmp_path_factory.mktemp("bare") / "bare.png"
    with Image.open(drawn) as picture:
        clean = Image.new(picture.mode, picture.size)
        clean.paste(picture)
        clean.save(path)
    return path
