/**
 * Pictures fetched with the token, as addresses that an `<img>` can show. The latest are kept.
 *
 * @module
 */

/** @import { ChatClient } from '../client/client.js' */

const KEEP = 80;
/** The first wait before one that did not come is asked for again, in milliseconds; each is twice the last. */
const AGAIN_MS = 2_000;
const LONGEST_MS = 60_000;

export class Pictures {
  /** @type {Map<string, string>} */
  #ready = new Map();
  /** @type {Set<string>} */
  #loading = new Set();
  /** How long those that did not come wait for another try; Infinity for those that are gone. @type {Map<string, number>} */
  #waits = new Map();
  #closed = false;
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
      this.#client.file(url).then(
        (blob) => this.#put(url, blob),
        (e) => this.#miss(url, e.retryable),
      );
    }
    return null;
  }

  /** Whether it is known not to be there. @param {string} url */
  isGone(url) {
    return this.#waits.get(url) === Infinity;
  }

  /** @param {string} url @param {boolean} passes */
  #miss(url, passes) {
    const wait = passes ? (this.#waits.get(url) ?? AGAIN_MS) : Infinity;
    this.#waits.set(url, passes ? Math.min(wait * 2, LONGEST_MS) : wait);
    if (passes) setTimeout(() => this.#again(url), wait);
    if (!this.#closed) this.#onReady();
  }

  /** @param {string} url */
  #again(url) {
    this.#loading.delete(url);
    // It is asked for where it is still drawn.
    if (!this.#closed) this.#onReady();
  }

  /** @param {string} url @param {Blob} blob */
  #put(url, blob) {
    this.#loading.delete(url);
    this.#waits.delete(url);
    this.#ready.set(url, URL.createObjectURL(blob));
    for (const [oldest, address] of this.#ready) {
      if (this.#ready.size <= KEEP) break;
      URL.revokeObjectURL(address);
      this.#ready.delete(oldest);
    }
    this.#onReady();
  }

  close() {
    this.#closed = true;
    for (const address of this.#ready.values()) URL.revokeObjectURL(address);
    this.#ready.clear();
  }
}
