/**
 * Pictures fetched with the token, as addresses that an `<img>` can show. The latest are kept.
 *
 * @module
 */

/** @import { ChatClient } from '../client/client.js' */

const KEEP = 80;

export class Pictures {
  /** @type {Map<string, string>} */
  #ready = new Map();
  /** @type {Set<string>} */
  #loading = new Set();
  #client;
  #onReady;

  /** @param {ChatClient} client @param {() => void} onReady */
  constructor(client, onReady) {
    this.#client = client;
    this.#onReady = onReady;
  }

  /** @param {string} url @returns {string | null} null until it is there */
  show(url) {
    const ready = this.#ready.get(url);
    if (ready) {
      this.#ready.delete(url);
      this.#ready.set(url, ready);
      return ready;
    }
    if (!this.#loading.has(url)) {
      this.#loading.add(url);
      // One that failed is not asked for again until the room is opened anew.
      this.#client.file(url).then((blob) => this.#put(url, blob), () => {});
    }
    return null;
  }

  /** @param {string} url @param {Blob} blob */
  #put(url, blob) {
    this.#loading.delete(url);
    this.#ready.set(url, URL.createObjectURL(blob));
    for (const [oldest, address] of this.#ready) {
      if (this.#ready.size <= KEEP) break;
      URL.revokeObjectURL(address);
      this.#ready.delete(oldest);
    }
    this.#onReady();
  }

  close() {
    for (const address of this.#ready.values()) URL.revokeObjectURL(address);
    this.#ready.clear();
  }
}
