// Palette and range of the levels, kept from one file to the next.

import { at } from './dom.js';
import { bytes } from './server.js';
import { numberFrom, whole } from './words.js';

/** Decibels below the loudest that are shown where nobody says. */
const RANGE_DB = 70;

const KEPT = 'photophone-view';

const look = { palette: 'magma', low: null, high: null, ...JSON.parse(localStorage.getItem(KEPT) ?? '{}') };

/** Paints the levels of a sound as they are to look, and says how in the fields. */
export async function colour(levels, sound) {
  const loudest = sound.floor_db + sound.loudest / sound.bytes_a_db;
  const high = look.high ?? Math.ceil(loudest);
  const low = Math.min(look.low ?? high - RANGE_DB, high - 1);
  at('palette').value = look.palette;
  at('low').value = whole(low);
  at('high').value = whole(high);
  levels.paint(await bytes(`palette/${look.palette}`), low, high);
}

/** Takes what the fields say now. */
export function takeLook() {
  const [low, high] = [numberFrom(at('low').value), numberFrom(at('high').value)];
  const isRange = Number.isFinite(low) && Number.isFinite(high) && low < high;
  Object.assign(look, { palette: at('palette').value, ...(isRange ? { low, high } : {}) });
  localStorage.setItem(KEPT, JSON.stringify(look));
}
