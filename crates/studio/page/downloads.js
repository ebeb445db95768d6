// What can be downloaded, and the list of it.

import { at, make, show } from './dom.js';
import { blob } from './server.js';

const KINDS = [['wav', 'WAV'], ['flac', 'FLAC'], ['edits', 'Edits (JSON)'], ['report', 'Report (JSON)']];

/** What a download is called: the names that the command shows. */
function nameOf({ name, kind: of, edits }, kind) {
  const stem = name.replace(/\.[^.]*$/, '');
  if (kind === 'report' || kind === 'edits') return `${stem}.${kind}.json`;
  return `${stem}${edits.list.length > 0 ? '-edited' : of === 'picture' ? '.recovered' : ''}.${kind}`;
}

/** A file by way of a blob: a link could not carry the secret. */
export async function download(report, kind) {
  closeMenu();
  const saved = nameOf(report, kind);
  const content = await blob(`doc/${report.id}/export/${kind}`);
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
  const kinds = KINDS.filter(([kind]) => ({ report: report.sound.recovered, edits: report.edits.list.length > 0 })[kind] ?? true);
  at('download-list').replaceChildren(...kinds.map(([kind, text]) => make('li', {}, make('button', { onclick: () => chosen(kind) }, text))));
  show(true, at('download-list'));
  at('download').setAttribute('aria-expanded', 'true');
  at('download-list').querySelector('button').focus();
}

export function closeMenu() {
  show(false, at('download-list'));
  at('download').setAttribute('aria-expanded', 'false');
}
