/**
 * The bytes of files that wait to be uploaded, kept in IndexedDB, where a reload and other tabs find
 * them.
 *
 * @module
 */

/** What may be kept altogether, in bytes: photos of a few messages, not a disk full. */
const MOST_KEPT = 50_000_000;

const NAME = 'ecleaner-chat';
const STORE = 'files';

/**
 * Files by their keys. Every promise rejects where the browser keeps nothing: in some private windows,
 * on a full disk, or where the user forbids it.
 */
export class KeptFiles {
  #factory;
  #most;
  /** @type {Promise<IDBDatabase> | null} */
  #database = null;

  /** @param {IDBFactory} factory @param {number} [most] bytes */
  constructor(factory, most = MOST_KEPT) {
    this.#factory = factory;
    this.#most = most;
  }

  /**
   * Keeps a file, durably once the promise is fulfilled.
   *
   * @param {string} key
   * @param {File} file
   */
  async put(key, file) {
    const store = await this.#open('readwrite');
    const others = await answer(store.getAll());
    if (others.reduce((sum, { size }) => sum + size, file.size) > this.#most) throw new RangeError();
    store.put(file, key);
    await new Promise((resolve, reject) => {
      store.transaction.oncomplete = resolve;
      store.transaction.onabort = reject;
    });
  }

  /** @param {string} key @returns {Promise<File | undefined>} */
  async get(key) {
    return answer((await this.#open('readonly')).get(key));
  }

  /** @param {(key: string) => boolean} isGone of which ones to let go */
  async drop(isGone) {
    const store = await this.#open('readwrite');
    for (const key of await answer(store.getAllKeys())) if (isGone(String(key))) store.delete(key);
  }

  /** @param {IDBTransactionMode} mode */
  async #open(mode) {
    if (!this.#database) {
      const opening = this.#factory.open(NAME, 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
      this.#database = answer(opening);
    }
    return (await this.#database).transaction(STORE, mode).objectStore(STORE);
  }
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
