/**
 * Messages that wait for their echo, kept where a reload and other tabs find them.
 *
 * Each has an entry of its own in localStorage, so tabs never overwrite each other's. Every tab may
 * send every entry: the server knows a `client_id` again, so nothing is posted twice, and no tab has
 * to know which others are still there. The file of one that is not uploaded yet is kept beside it, by
 * the same key, where the browser keeps files.
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
    // Whosever they are: files whose message is no longer here.
    this.#drop((key) => storage !== null && storage.getItem(key) === null);
    return entries.sort((a, b) => a.at - b.at);
  }

  /** @param {string} clientId @returns {Pending | null} as it is kept, perhaps by another tab */
  get(clientId) {
    return parse(this.#env.storage?.getItem(this.#prefix + clientId));
  }

  /** @param {Pending} entry @returns {boolean} whether it is kept */
  put({ upload, ...entry }) {
    // How far an upload is, and where this page shows it, end with the page.
    const kept = { ...entry, upload: upload && { ...upload, preview: null, progress: 0 } };
    try {
      this.#env.storage?.setItem(this.#prefix + entry.client_id, JSON.stringify(kept));
      return this.#env.storage !== null;
    } catch {
      return false; // Full: the message is still sent, it only would not survive a reload.
    }
  }

  /** @param {string} clientId */
  remove(clientId) {
    this.#env.storage?.removeItem(this.#prefix + clientId);
    this.release(clientId);
  }

  /** @param {string} clientId @param {File} file @returns {Promise<boolean>} whether it is kept */
  async keep(clientId, file) {
    try {
      await this.#env.files?.put(this.#prefix + clientId, file);
      return this.#env.files !== null;
    } catch {
      return false;
    }
  }

  /** @param {string} clientId @returns {Promise<File | undefined>} */
  async file(clientId) {
    try {
      return await this.#env.files?.get(this.#prefix + clientId);
    } catch {
      return undefined;
    }
  }

  /** Lets go of a message's file. @param {string} clientId */
  release(clientId) {
    this.#drop((key) => key === this.#prefix + clientId);
  }

  /** @param {(key: string) => boolean} isGone */
  #drop(isGone) {
    this.#env.files?.drop(isGone).catch(() => {
      // Nothing is kept, or it goes with the next opening.
    });
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
