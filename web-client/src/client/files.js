/**
 * Files go by HTTP, there and back, with the token in a header.
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
   * @param {boolean} [retryable]
   */
  constructor(code, detail, retryable = false) {
    super(detail ?? code);
    this.name = 'ChatError';
    this.code = code;
    this.retryable = retryable;
  }
}

export class Files {
  #server;
  #credentials;
  #env;

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
    let token = await this.#credentials.token();
    let answer = await this.#post(room, file, onProgress, signal, token);
    if (answer.status === 401 && this.#credentials.renewable) {
      token = await this.#credentials.renew();
      answer = await this.#post(room, file, onProgress, signal, token);
    }
    if (answer.status === 201 || answer.status === 200) return answer.body;
    throw new ChatError(
      answer.body?.code ?? (answer.status === 413 ? 'too_large' : 'unavailable'),
      answer.body?.detail,
      answer.status === 0 || answer.status >= 500 || answer.status === 429,
    );
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
    const get = async (/** @type {string | null} */ token) =>
      this.#env.fetch(address, { headers: { Authorization: `Bearer ${token}` } });
    let response = await get(await this.#credentials.token());
    if (response.status === 401 && this.#credentials.renewable) {
      response = await get(await this.#credentials.renew());
    }
    if (!response.ok) throw new ChatError(response.status === 404 ? 'not_found' : 'unavailable');
    return response.blob();
  }
}
