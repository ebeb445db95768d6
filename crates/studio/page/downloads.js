// What can be downloaded, and the list of it.

import { at, make, show } from './dom.js';
import { blob } from './server.js';

const KINDS = [['wav', 'WAV'], ['flac', 'FLAC'], ['report', 'Report (JSON)']];

/** A file by way of a blob: a link could not carry the secret. */
export async function download({ id, name, kind: of }, kind) {
  closeMenu();
  const content = await blob(`doc/${id}/export/${kind}`);
  const stem = name.replace(/\.[^.]*$/, '');
  const saved = kind === 'report' ? `${stem}.report.json` : `${stem}${of === 'picture' ? '.recovered' : ''}.${kind}`;
  const url = URL.createObjectURL(content);
  make('a', { href: url, download: saved }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

/** Opens the list, or closes it; `chosen` is called with a kind. */
export function toggleMenu(report, chosen) {
  if (!at('download-list').hidden) {
    closeMenu();
    return;
  }
  const kinds = KINDS.filter(([kind]) => kind !== 'report' || report.sound.recovered);
  at('download-list').replaceChildren(...kinds.map(([kind, text]) => make('li', {}, make('button', { onclick: () => chosen(kind) }, text))));
  show(true, at('download-list'));
  at('download').setAttribute('aria-expanded', 'true');
  at('download-list').querySelector('button').focus();
}

export function closeMenu() {
  show(false, at('download-list'));
  at('download').setAttribute('aria-expanded', 'false');
}
