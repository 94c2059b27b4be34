/**
 * The token: where it comes from, and when a new one is due.
 *
 * @module
 */

/**
 * Gives a token. `fresh` is true when the last one was refused or is about to expire.
 *
 * @callback GetToken
 * @param {{ fresh: boolean }} why
 * @returns {string | null | undefined | Promise<string | null | undefined>}
 */

export class Credentials {
  /** @type {string | null} */
  #token = null;
  /** @type {GetToken} */
  #get;
  /** Whether asking again can give another token. */
  renewable;

  /** @param {string | null} token @param {GetToken | undefined} get */
  constructor(token, get) {
    this.#token = token;
    this.#get = get ?? (() => this.#token);
    this.renewable = get !== undefined;
  }

  /** @returns {Promise<string | null>} the token in use */
  async token() {
    return (this.#token ??= (await this.#get({ fresh: false })) ?? null);
  }

  /** @returns {Promise<string | null>} a new one, after the last was refused or grew old */
  async renew() {
    return (this.#token = (await this.#get({ fresh: true })) ?? null);
  }
}

/**
 * When a JWT ends. Nothing is checked here: the server does.
 *
 * @param {string | null} token
 * @returns {number} milliseconds since 1970; 0 where it can't be told
 */
export function expiryOf(token) {
  try {
    const payload = (token ?? '').split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
    const { exp } = JSON.parse(atob(payload));
    return exp * 1_000 || 0;
  } catch {
    return 0;
  }
}
