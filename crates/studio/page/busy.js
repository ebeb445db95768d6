// Work with its progress shown, and what is told of it.

import { at, say, show } from './dom.js';
import { Problem } from './server.js';
import { stage } from './words.js';

/** How long work goes on before what it is about is covered, in milliseconds. */
const PATIENCE = 150;

let job = null;
let settled = () => {};

/** `then` is called when no work is done any more. */
export const whenSettled = (then) => { settled = then; };

/** Gives up what is being done. */
export const cancel = () => job?.abort();

export function complain(error) {
  const text = error instanceof Problem ? error.message : `Something went wrong on the page: ${error.message}`;
  if (text === 'Cancelled.') {
    say(text);
    return;
  }
  at('alert').querySelector('span').textContent = text;
  show(true, at('alert'));
}

export function state(text, kind = '') {
  at('state').textContent = text;
  at('state').className = `state ${kind}`;
}

/** Does work with its progress shown; the one before is given up. */
export async function busy(what, ask, patience = PATIENCE) {
  job?.abort();
  const mine = new AbortController();
  job = mine;
  show(false, at('alert'));
  const told = (now) => {
    at('busy-text').textContent = stage(now);
    if (now.done > 0) at('busy-bar').value = now.done / now.of;
  };
  at('busy-text').textContent = `${what}.`;
  at('busy-bar').removeAttribute('value');
  const shown = (is) => {
    show(is, at('busy'));
    at('image').classList.toggle('dimmed', is);
    at('cells').classList.toggle('dimmed', is);
  };
  const later = setTimeout(() => { if (job === mine) shown(true); }, patience);
  state(what, 'working');
  try {
    return await ask({ signal: mine.signal, told });
  } catch (error) {
    if (job === mine || !mine.signal.aborted) complain(error);
    return null;
  } finally {
    clearTimeout(later);
    if (job === mine) {
      job = null;
      shown(false);
      settled();
    }
  }
}
