/**
 * What goes by HTTP, with the token in a header: files, there and back, and what no frame answers.
 *
 * @module
 */

/** @import { Credentials } from './credentials.js' */
/** @import { Env } from './env.js' */
/** @import { Attachment, RoomId } from './types.js' */

/** Why the server, or this client, would not do what was asked. */
export class ChatError extends Error {
  /**
   * @param {string} code of the contract (`invalid`, `not_found`, …), or `offline`, `timeout`
   * @param {string} [detail]
   * @param {boolean} [retryable] whether it may pass by itself
   * @param {number} [retryAfter] in how many milliseconds, where the server said
   */
  constructor(code, detail, retryable = false, retryAfter = undefined) {
    super(detail ?? code);
    this.name = 'ChatError';
    this.code = code;
    this.retryable = retryable;
    this.retryAfter = retryAfter;
  }
}

/** What a status means where no code came with it. @type {Record<number, string>} */
const CODES = { 401: 'forbidden', 403: 'forbidden', 404: 'not_found', 413: 'too_large', 429: 'rate_limited' };

/** @param {number} status 0 where nothing came back @param {any} body @returns {ChatError} */
const refusal = (status, body) =>
  new ChatError(
    body?.code ?? CODES[status] ?? 'unavailable',
    body?.detail,
    status === 0 || status >= 500 || status === 429,
  );

export class Http {
  #server;
  #credentials;
  #env;
  #asking = new AbortController();

  /** @param {string} server @param {Credentials} credentials @param {Env} env */
  constructor(server, credentials, env) {
    this.#server = server;
    this.#credentials = credentials;
    this.#env = env;
  }

  /**
   * @param {RoomId} room
   * @param {File} file
   * @param {(progress: number) => void} onProgress from 0 to 1
   * @param {AbortSignal} signal
   * @returns {Promise<Attachment>}
   */
  async upload(room, file, onProgress, signal) {
    const answer = await this.#signed((token) => this.#post(room, file, onProgress, signal, token));
    if (answer.status === 201 || answer.status === 200) return answer.body;
    throw refusal(answer.status, answer.body);
  }

  /**
   * With the token in use, and once more with a new one where that was refused.
   *
   * @template {{ status: number }} T
   * @param {(token: string | null) => Promise<T>} call
   * @returns {Promise<T>}
   */
  async #signed(call) {
    const answer = await call(await this.#credentials.token());
    return answer.status === 401 && this.#credentials.renewable
      ? call(await this.#credentials.renew())
      : answer;
  }

  /**
   * @param {RoomId} room
   * @param {File} file
   * @param {(progress: number) => void} onProgress
   * @param {AbortSignal} signal
   * @param {string | null} token
   * @returns {Promise<{ status: number, body: any }>} status 0 where nothing came back
   */
  #post(room, file, onProgress, signal, token) {
    return new Promise((resolve, reject) => {
      // While a token was waited for.
      if (signal.aborted) return reject(new ChatError('aborted'));
      const xhr = this.#env.xhr();
      const form = new FormData();
      form.append('room', String(room));
      form.append('file', file, file.name || 'image.png');
      xhr.open('POST', `${this.#server}/chat/attachments/`);
      xhr.setRequestHeader('Authorization', `Bearer ${token}`);
      xhr.upload.onprogress = (e) => e.lengthComputable && onProgress(e.loaded / e.total);
      xhr.onloadend = () => {
        let body = null;
        try {
          body = JSON.parse(xhr.responseText);
        } catch {
          // A proxy's page, or nothing at all.
        }
        resolve({ status: xhr.status, body });
      };
      xhr.onabort = () => reject(new ChatError('aborted'));
      signal.addEventListener('abort', () => xhr.abort());
      xhr.send(form);
    });
  }

  /**
   * @param {string} url of an attachment or a thumbnail, as the message gives it
   * @returns {Promise<Blob>}
   */
  async blob(url) {
    const address = new URL(url, `${this.#server}/`);
    // The token goes to the chat server and nowhere else.
    if (address.origin !== new URL(this.#server).origin) throw new ChatError('forbidden');
    return (await this.#ask(address)).blob();
  }

  /**
   * @param {string} path of the contract, with its query
   * @param {string} [method]
   * @returns {Promise<any>}
   */
  async json(path, method) {
    return (await this.#ask(this.#server + path, method)).json();
  }

  /** Ends what is asked: it is for somebody who is no longer here. */
  forget() {
    this.#asking.abort();
    this.#asking = new AbortController();
  }

  /** @param {string | URL} address @param {string} [method] @returns {Promise<Response>} */
  async #ask(address, method) {
    const { signal } = this.#asking;
    const response = await this.#signed((token) =>
      this.#env.fetch(address, { method, signal, headers: { Authorization: `Bearer ${token}` } }).catch(() => {
        throw refusal(0, null);
      }),
    );
    if (!response.ok) throw refusal(response.status, await response.json().catch(() => null));
    return response;
  }
}
