// Requests to the server that this page came from, and to no other.

const KEY = 'photophone-token';

/** What could not be done, in words for the person. */
export class Problem extends Error {}

/** Takes the secret out of the address, so that neither history nor a copied address has it. */
export function takeToken() {
  const told = /^#t=([0-9a-f]{32})$/.exec(location.hash);
  if (told) {
    sessionStorage.setItem(KEY, told[1]);
    history.replaceState(null, '', '/');
  }
  return sessionStorage.getItem(KEY) !== null;
}

async function ask(path, options = {}) {
  const headers = { Authorization: `Bearer ${sessionStorage.getItem(KEY)}`, ...options.headers };
  let response;
  try {
    response = await fetch(`/api/${path}`, { ...options, headers });
  } catch (error) {
    if (options.signal?.aborted) throw new Problem('Cancelled.');
    throw new Problem('Photophone has stopped. Start it again with the command below, or: photophone studio');
  }
  if (response.ok) return response;
  const answer = await response.json().catch(() => ({}));
  throw new Problem(answer.error ?? `The server answered ${response.status}.`);
}

/** A JSON answer. */
export const json = async (path, options) => (await ask(path, options)).json();

/** An answer in bytes. */
export const bytes = async (path, options) => (await ask(path, options)).arrayBuffer();

/** An answer as a blob. */
export const blob = async (path, options) => (await ask(path, options)).blob();

/**
 * Work of seconds: its answer comes line by line. `told` gets `{stage, done, of, seconds_left}`; the result is returned.
 * Aborting `signal` ends the work.
 */
export async function work(path, body, { signal, told, name } = {}) {
  const headers = name === undefined ? {} : { 'X-Name': encodeURIComponent(name) };
  const response = await ask(path, { method: 'POST', body, signal, headers });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const lines = (rest + value).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        const now = JSON.parse(line);
        if (now.error !== undefined) throw new Problem(now.error);
        if (now.result !== undefined) return now.result;
        told?.(now);
      }
    }
  } catch (error) {
    if (signal?.aborted) throw new Problem('Cancelled.');
    throw error;
  }
  throw new Problem('Photophone has stopped. Start it again with: photophone studio');
}
