/**
 * Messages that wait for their echo, kept where a reload and other tabs find them.
 *
 * Each has an entry of its own in localStorage, so tabs never overwrite each other's. Every tab may
 * send every entry: the server knows a `client_id` again, so nothing is posted twice, and no tab has
 * to know which others are still there.
 *
 * @module
 */

/** @import { Pending } from './types.js' */
/** @import { Env } from './env.js' */

export class Outbox {
  #prefix;
  #env;
  #onChange;

  /**
   * @param {string} owner server and user: nobody else's messages are sent
   * @param {Env} env
   * @param {(clientId: string, entry: Pending | null) => void} onChange what another tab did
   */
  constructor(owner, env, onChange) {
    this.#prefix = `ecleaner-chat:outbox:${owner}:`;
    this.#env = env;
    this.#onChange = onChange;
    env.window?.addEventListener('storage', this.#heard);
  }

  /** @returns {Pending[]} in the order in which they were written */
  load() {
    const storage = this.#env.storage;
    /** @type {Pending[]} */
    const entries = [];
    for (let i = 0; i < (storage?.length ?? 0); i++) {
      const key = storage?.key(i) ?? '';
      const entry = key.startsWith(this.#prefix) ? parse(storage?.getItem(key)) : null;
      if (entry) entries.push(entry);
    }
    return entries.sort((a, b) => a.at - b.at);
  }

  /** @param {Pending} entry */
  put(entry) {
    // A file's bytes are not kept, so an upload under way does not survive a reload.
    if (entry.upload) return;
    try {
      this.#env.storage?.setItem(this.#prefix + entry.client_id, JSON.stringify(entry));
    } catch {
      // Full: the message is still sent, it only would not survive a reload.
    }
  }

  /** @param {string} clientId */
  remove(clientId) {
    this.#env.storage?.removeItem(this.#prefix + clientId);
  }

  close() {
    this.#env.window?.removeEventListener('storage', this.#heard);
  }

  #heard = (/** @type {Event} */ event) => {
    const { key, newValue } = /** @type {StorageEvent} */ (event);
    if (key?.startsWith(this.#prefix)) {
      this.#onChange(key.slice(this.#prefix.length), parse(newValue));
    }
  };
}

/** @param {string | null | undefined} text @returns {Pending | null} */
function parse(text) {
  try {
    const entry = JSON.parse(text ?? 'null');
    return entry && typeof entry.client_id === 'string' ? entry : null;
  } catch {
    return null;
  }
}
