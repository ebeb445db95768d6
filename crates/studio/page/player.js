// Playing: stretches of samples, fetched as they are needed and started one after another to the sample.

import { bytes } from './server.js';

/** Samples of a stretch, and how far ahead of the ear they are scheduled, in seconds. */
const [STRETCH, AHEAD] = [1 << 17, 3];

/** How long a beginning and an end take, so that neither clicks, in seconds. */
const FADE = 0.01;

/** How often is looked what comes next, in milliseconds. */
const PERIOD = 100;

export class Player {
  /** `ended` is called when the sound is over, `failed` with what went wrong. */
  constructor({ ended, failed }) {
    Object.assign(this, { ended, failed });
    this.context = null;
    this.run = null;
    this.loops = false;
    this.stretches = new Map();
  }

  load(id, sound) {
    this.stop();
    Object.assign(this, { id, sound });
    this.secs = sound.samples / sound.rate;
    this.stretches.clear();
    this.position = 0;
  }

  get isPlaying() { return this.run !== null; }

  /** A context is made at the first click: browsers let none sound before. At the sound's own rate nothing is resampled. */
  ready() {
    if (this.context?.rate !== this.sound.rate) {
      this.context?.audio.close();
      let audio;
      try {
        audio = new AudioContext({ sampleRate: this.sound.rate });
      } catch {
        audio = new AudioContext();
      }
      this.context = { audio, rate: this.sound.rate };
    }
    return this.context.audio;
  }

  /** Plays from a time to another; loops between them where looping is on. */
  async play(from = this.position ?? 0, [start, end] = [0, this.secs]) {
    this.stop();
    if (from >= end || from < start) from = start;
    const audio = this.ready();
    const gain = audio.createGain();
    gain.connect(audio.destination);
    const run = { audio, gain, start, end, next: from, when: 0, pieces: [], nodes: new Set(), timer: 0 };
    this.run = run;
    try {
      await audio.resume();
      await this.stretch(Math.floor((from * this.sound.rate) / STRETCH));
      if (this.run !== run) return;
      run.when = audio.currentTime + 0.03;
      gain.gain.setValueAtTime(0, run.when);
      gain.gain.linearRampToValueAtTime(1, run.when + FADE);
      await this.schedule(run);
    } catch (error) {
      if (this.run === run) this.stop();
      this.failed(error);
    }
  }

  async schedule(run) {
    const { audio, gain } = run;
    const { rate } = this.sound;
    while (this.run === run && run.when - audio.currentTime < AHEAD && run.next < run.end) {
      const sample = Math.round(run.next * rate);
      const number = Math.floor(sample / STRETCH);
      const buffer = await this.stretch(number);
      if (this.run !== run) return;
      const offset = sample - number * STRETCH;
      const length = Math.min(buffer.length - offset, Math.round(run.end * rate) - sample);
      if (length <= 0) break;
      const node = new AudioBufferSourceNode(audio, { buffer });
      node.connect(gain);
      const when = Math.max(run.when, audio.currentTime);
      node.start(when, offset / rate, length / rate);
      run.nodes.add(node);
      node.onended = () => run.nodes.delete(node);
      run.pieces.push({ when, from: run.next, secs: length / rate });
      run.when = when + length / rate;
      run.next = (sample + length) / rate;
      if (this.loops && run.next >= run.end - 0.5 / rate) run.next = run.start;
    }
    if (this.run === run) run.timer = setTimeout(() => this.schedule(run).catch((error) => this.failed(error)), PERIOD);
  }

  /** A stretch of samples. */
  async stretch(number) {
    const known = this.stretches.get(number);
    if (known) return known;
    const { id, sound } = this;
    const answer = bytes(`doc/${id}/samples?from=${number * STRETCH}&to=${(number + 1) * STRETCH}`).then((told) => {
      const samples = new Float32Array(told);
      const length = samples.length / sound.channels;
      const buffer = new AudioBuffer({ length, numberOfChannels: sound.channels, sampleRate: sound.rate });
      for (let channel = 0; channel < sound.channels; channel += 1) {
        buffer.copyToChannel(samples.subarray(channel * length, (channel + 1) * length), channel);
      }
      return buffer;
    });
    this.stretches.set(number, answer);
    if (this.stretches.size > 24) this.stretches.delete(this.stretches.keys().next().value);
    answer.catch(() => this.stretches.delete(number));
    return answer;
  }

  /** Where the ear is; ends the run when it is past the last sample. */
  now() {
    const { run } = this;
    if (run && this.place(run)) {
      this.stop();
      this.position = run.start;
      this.ended();
    }
    return this.position ?? 0;
  }

  /** Notes where the ear is in a run; gives whether it is past its end. */
  place(run) {
    if (run.pieces.length === 0) return false;
    const heard = run.audio.getOutputTimestamp?.().contextTime || run.audio.currentTime;
    while (run.pieces.length > 1 && run.pieces[1].when <= heard) run.pieces.shift();
    const { when, from, secs } = run.pieces[0];
    this.position = from + Math.min(Math.max(heard - when, 0), secs);
    return run.pieces.length === 1 && run.next >= run.end - 0.5 / this.sound.rate && heard >= when + secs;
  }

  stop() {
    const { run } = this;
    if (!run) return;
    this.place(run);
    this.run = null;
    clearTimeout(run.timer);
    const now = run.audio.currentTime;
    run.gain.gain.cancelScheduledValues(now);
    run.gain.gain.setValueAtTime(run.gain.gain.value, now);
    run.gain.gain.linearRampToValueAtTime(0, now + FADE);
    for (const node of run.nodes) node.stop(now + FADE);
  }
}
