"""Draws the small figures that tests/figures.rs reads, and prints what they show.

Run with Python 3, librosa 0.11.0 and matplotlib 3.11.2:
    python make.py
The sound is a formula: three notes that set in one after the other, each with four partials that decay.
"""
import pathlib

import librosa
import librosa.display
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

HERE = pathlib.Path(__file__).parent
RATE = 22050
t = np.arange(int(1.5 * RATE)) / RATE
sound = np.zeros_like(t)
for onset, hz in [(0.1, 220.0), (0.5, 330.0), (0.9, 440.0)]:
    after = np.clip(t - onset, 0, None)
    for partial in range(1, 5):
        sound += (t >= onset) * np.exp(-3 * after) * np.sin(2 * np.pi * hz * partial * after) / partial


def save(name, axes, dpi=72, **keywords):
    figure = axes.figure
    figure.savefig(HERE / f"{name}.png", dpi=dpi, **keywords)
    box = axes.get_window_extent()
    height = figure.bbox.height
    print(name, [box.x0, height - box.y1, box.width, box.height], axes.get_xlim(), axes.get_ylim())
    plt.close(figure)


def drawn(data, bar=True, size=(6, 4), sr=RATE, **keywords):
    figure, axes = plt.subplots(figsize=size, dpi=72)
    image = librosa.display.specshow(data, sr=sr, ax=axes, **keywords)
    if bar:
        figure.colorbar(image, ax=axes, format="%+2.0f dB")
    return axes


spectrum = np.abs(librosa.stft(sound))
decibels = librosa.amplitude_to_db(spectrum, ref=np.max, top_db=40)
save("stft_log", drawn(decibels, x_axis="time", y_axis="log", cmap="magma"))
save("stft_linear", drawn(decibels, x_axis="time", y_axis="linear", cmap="viridis"))
mel = librosa.feature.melspectrogram(y=sound, sr=RATE, n_mels=64, fmax=8000)
mel = librosa.power_to_db(mel, ref=np.max, top_db=40)
save("mel", drawn(mel, x_axis="time", y_axis="mel", fmax=8000, cmap="inferno"))
constant_q = librosa.amplitude_to_db(np.abs(librosa.cqt(sound, sr=RATE)), ref=np.max, top_db=40)
save("notes", drawn(constant_q, x_axis="time", y_axis="cqt_note", cmap="magma"))
# A sound at another rate, and more frames than pixels.
of_44_khz = librosa.amplitude_to_db(np.abs(librosa.cqt(np.repeat(sound, 2), sr=2 * RATE)), ref=np.max, top_db=40)
save("notes_44khz", drawn(of_44_khz, sr=2 * RATE, x_axis="time", y_axis="cqt_note", cmap="magma"))
frames = librosa.amplitude_to_db(np.abs(librosa.cqt(sound, sr=RATE, hop_length=64)), ref=np.max, top_db=40)
save("notes_narrow", drawn(frames, hop_length=64, x_axis="time", y_axis="cqt_note", cmap="magma"))
with plt.style.context("dark_background"):
    save("dark", drawn(decibels, bar=False, x_axis="time", y_axis="log", cmap="magma"))
cepstrum = drawn(librosa.feature.mfcc(y=sound, sr=RATE), bar=False, x_axis="time", cmap="magma")
cepstrum.set_title("MFCC")
save("mfcc", cepstrum)
angles = np.angle(librosa.stft(sound, n_fft=128, hop_length=1024))
save("phase", drawn(angles, bar=False, hop_length=1024, x_axis="time", y_axis="linear", cmap="twilight"))
figure, axes = plt.subplots(figsize=(6, 4), dpi=72)
axes.plot(t[::50], sound[::50])
axes.set(xlabel="Time (s)", ylabel="Frequency (Hz)")
save("curve", axes)

# A zoom: half of the frequencies, from 0 Hz on, and a part of the times.
short = librosa.amplitude_to_db(np.abs(librosa.stft(sound, n_fft=512, hop_length=256)), ref=np.max, top_db=40)
zoom = drawn(short, x_axis="time", y_axis="linear", cmap="magma", hop_length=256)
zoom.set(xlim=(0.2, 1.2), ylim=(0, RATE / 4))
save("zoom", zoom)
mirrored = drawn(mel, x_axis="time", y_axis="mel", fmax=8000, cmap="magma")
mirrored.invert_xaxis()
save("mirrored", mirrored)
with plt.style.context("seaborn-v0_8"):
    save("white_end", drawn(mel, x_axis="time", y_axis="mel", fmax=8000, cmap="hot"))
