/**
 * What the client takes from the browser, in one place, so that tests can hand in their own.
 *
 * @module
 */

import { KeptFiles } from './kept-files.js';

/**
 * @typedef {object} Env
 * @property {(url: string) => WebSocket} socket
 * @property {typeof fetch} fetch
 * @property {() => XMLHttpRequest} xhr fetch tells nothing of an upload's progress
 * @property {(f: () => void, ms: number) => any} setTimeout
 * @property {(handle: any) => void} clearTimeout
 * @property {() => number} now milliseconds since 1970
 * @property {() => number} random from 0 below 1
 * @property {Storage | null} storage null where the browser refuses it
 * @property {Pick<KeptFiles, 'put' | 'get' | 'drop'> | null} files null where there is no IndexedDB
 * @property {Pick<LockManager, 'request'> | null} locks between tabs; null where a page is not secure
 * @property {EventTarget | null} window where `online`, `offline`, `storage` and the like are told; `beforeunload` asks
 */

/** @returns {Storage | null} */
function localStorageIfAllowed() {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null; // Blocked by the user's settings, or a sandboxed frame.
  }
}

/** @returns {KeptFiles | null} */
function keptFilesIfAllowed() {
  try {
    return new KeptFiles(indexedDB);
  } catch {
    return null; // As above, or there is no browser.
  }
}

/** @returns {Env} */
export const browserEnv = () => ({
  socket: (url) => new WebSocket(url),
  fetch: (...args) => globalThis.fetch(...args),
  xhr: () => new XMLHttpRequest(),
  setTimeout: (f, ms) => globalThis.setTimeout(f, ms),
  clearTimeout: (handle) => globalThis.clearTimeout(handle),
  now: () => Date.now(),
  random: () => Math.random(),
  storage: localStorageIfAllowed(),
  files: keptFilesIfAllowed(),
  locks: globalThis.navigator?.locks ?? null,
  window: typeof window === 'undefined' ? null : window,
});
