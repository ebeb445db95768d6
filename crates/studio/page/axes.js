// Rows and hertz, frames and seconds, and the labels beside the cells.

import { make } from './dom.js';
import { axisHz } from './words.js';

/** Least distance of labels, in CSS pixels. */
const [LEAST_UP, LEAST_ACROSS] = [22, 64];

/** The place of a frequency among the rows' centres, 0 at the lowest; between two it is taken on a line. */
export function rowFromHz(centres, hz) {
  if (hz <= centres[0]) return 0;
  let [low, high] = [0, centres.length - 1];
  if (hz >= centres[high]) return high;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (centres[middle] <= hz) low = middle;
    else high = middle;
  }
  return low + (hz - centres[low]) / (centres[high] - centres[low]);
}

/** The frequency at a place among the rows. */
export function hzFromRow(centres, row) {
  const place = Math.min(Math.max(row, 0), centres.length - 1);
  const low = Math.min(Math.floor(place), centres.length - 2);
  return centres[low] + (place - low) * (centres[low + 1] - centres[low]);
}

/** Labels of frequency: the Cs, as far as there is room. */
export function labelHertz(place, yFromHz, height, [low, high]) {
  const labels = [];
  let last = Infinity;
  for (let octave = 0; octave <= 11; octave += 1) {
    const hz = 440 * 2 ** (octave - 4 - 9 / 12);
    if (hz < low || hz > high) continue;
    const y = yFromHz(hz);
    if (y < 6 || y > height - 6 || last - y < LEAST_UP) continue;
    last = y;
    const label = make('span', {}, make('b', {}, `C${octave}`), axisHz(hz));
    label.style.top = `${y}px`;
    labels.push(label);
  }
  if (labels.length < 2) {
    for (let n = 0; n <= 4; n += 1) {
      const y = 12 + (n / 4) * (height - 24);
      const label = make('span', {}, axisHz(yFromHz.inverse(y)));
      label.style.top = `${y}px`;
      labels.push(label);
    }
  }
  place.replaceChildren(...labels);
}

/** Labels of time at a step of 1, 2 or 5. */
export function labelSeconds(place, [from, to], width) {
  const least = ((to - from) * LEAST_ACROSS) / width;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((value) => value >= least);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const labels = [];
  for (let n = Math.ceil(from / step - 1e-9); n * step <= to; n += 1) {
    const x = ((n * step - from) / (to - from)) * width;
    const text = n * step >= 60 && digits === 0
      ? `${Math.floor((n * step) / 60)}:${String(Math.round(n * step) % 60).padStart(2, '0')}`
      : (n * step).toFixed(digits);
    const label = make('span', {}, labels.length === 0 ? `${text} s` : text);
    label.style.left = `${Math.max(10, Math.min(x, width - 12))}px`;
    labels.push(label);
  }
  place.replaceChildren(...labels);
}
