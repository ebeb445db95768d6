// Numbers as people read them.

const NOTES = ['C', 'C♯', 'D', 'D♯', 'E', 'F', 'F♯', 'G', 'G♯', 'A', 'A♯', 'B'];
const MINUS = '−';
const NARROW = '\u202f';

export const signed = (text) => text.replace('-', MINUS);

/** A number with narrow spaces between thousands. */
export const grouped = (number) => String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, NARROW);

/** A frequency as on an axis. */
export const axisHz = (hz) => (hz < 1000 ? `${Math.round(hz)} Hz` : `${(hz / 1000).toFixed(hz < 10000 ? 2 : 1)} kHz`);

/** A frequency to three digits or the hertz. */
export const exactHz = (hz) => (hz < 100 ? `${hz.toFixed(1)} Hz` : `${grouped(hz)} Hz`);

/** The nearest note and how far it is, in cents; none below 16 Hz. A4 is 440 Hz. */
export function note(hz) {
  if (hz < 16) return null;
  const exact = 69 + 12 * Math.log2(hz / 440);
  const midi = Math.round(exact);
  const cents = Math.round(100 * (exact - midi));
  return { name: `${NOTES[midi % 12]}${Math.floor(midi / 12) - 1}`, cents: `${cents < 0 ? MINUS : '+'}${Math.abs(cents)} ct` };
}

/** A frequency from a text: hertz, or a note such as A4 or F#3. */
export function hzFrom(text) {
  const told = /^\s*([a-g])([#♯b♭]?)(-?\d)\s*$/i.exec(text);
  if (told) {
    const step = { c: 0, d: 2, e: 4, f: 5, g: 7, a: 9, b: 11 }[told[1].toLowerCase()];
    const shift = { '#': 1, '♯': 1, b: -1, '♭': -1 }[told[2]] ?? 0;
    return 440 * 2 ** ((12 * (Number(told[3]) + 1) + step + shift - 69) / 12);
  }
  return numberFrom(text);
}

/** A number from a text, with either minus sign; NaN of what is none. */
export const numberFrom = (text) => (text.trim() === '' ? NaN : Number(text.replace(MINUS, '-').replace(',', '.')));

/** A time to the millisecond. */
export const secs = (s) => s.toFixed(3);

/** A level. */
export const decibels = (db) => `${signed(db.toFixed(1))} dB`;

/** A whole number with a true minus sign. */
export const whole = (number) => signed(String(Math.round(number)));

/** What is being done, and how long it still takes. */
export function stage({ stage: what, seconds_left: left }) {
  if (left === null || left === undefined) return `${what}.`;
  return `${what}. About ${left < 1.5 ? '1' : Math.round(left)} s left.`;
}
