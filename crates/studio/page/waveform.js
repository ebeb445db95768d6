// The small waveform of the whole sound.

import { fitted } from './dom.js';

/** Pixels from one bar to the next. */
const BAR_PX = 3;

/**
 * Draws a sound's peaks (thousandths), what was `played` of its `secs`, the `mark` over it and the `view` that is seen.
 */
export function drawWaveform(canvas, { peaks, secs, played, mark, view }) {
  if (!canvas.clientWidth) return;
  const { width, height, ratio } = fitted(canvas);
  const context = canvas.getContext('2d');
  const ink = getComputedStyle(document.documentElement);
  const [accent, dim] = [ink.getPropertyValue('--accent'), ink.getPropertyValue('--dim')];
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const count = Math.floor(width / BAR_PX);
  const x = (t) => (t / secs) * width;
  for (let n = 0; n < count; n += 1) {
    const from = Math.floor((n * peaks.length) / count);
    const some = peaks.slice(from, Math.max(from + 1, Math.floor(((n + 1) * peaks.length) / count)));
    const half = Math.max(0.75, (Math.max(...some) / 1000) * (height / 2 - 2));
    const isPlayed = (n * BAR_PX) / width * secs < played;
    context.globalAlpha = isPlayed ? 1 : 0.6;
    context.fillStyle = isPlayed ? accent : dim;
    context.fillRect(n * BAR_PX, height / 2 - half, BAR_PX - 1, 2 * half);
  }
  if (mark) {
    context.globalAlpha = 0.2;
    context.fillStyle = accent;
    context.fillRect(x(mark.t0), 0, Math.max(2, x(mark.t1) - x(mark.t0)), height);
  }
  if (view && view.t1 - view.t0 < secs * 0.999) {
    context.globalAlpha = 0.9;
    context.strokeStyle = dim;
    context.strokeRect(x(view.t0) + 0.5, 0.5, x(view.t1) - x(view.t0) - 1, height - 1);
  }
  context.globalAlpha = 1;
}
