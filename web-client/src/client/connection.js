/**
 * The one socket: opened with a ticket, kept alive, and opened again after it broke.
 *
 * @module
 */

import { expiryOf } from './credentials.js';

/** @import { Credentials } from './credentials.js' */
/** @import { Env } from './env.js' */
/** @import { Frame, State } from './types.js' */

/** Seconds to wait before each further attempt; the last one repeats. */
export const BACKOFF = [1, 2, 4, 8, 16, 30];

/** A connection that lived this long was a good one: the next attempts begin at the beginning. */
const STABLE_MS = 5_000;
/** How long a token and a ticket, the handshake, or the answer to a ping may take. */
const PATIENCE_MS = 10_000;
/** How long before its end a token is replaced; one that is as short as that, after half of its time. */
const RENEW_BEFORE_MS = 60_000;
/** One that lasts longer is replaced every day: a timer of weeks would overflow. */
const DAY_MS = 86_400_000;

/** Close codes that end it for good. @type {Record<number, string>} */
const FINAL = { 4403: 'forbidden', 4404: 'not_found' };

/**
 * Time to wait before an attempt: 1, 2, 4, 8, 16, then 30 s, each by up to a quarter more or less,
 * so that a thousand clients of a node that died don't come back as one.
 *
 * @param {number} attempt from 0
 * @param {number} random from 0 below 1
 */
export const delayOf = (attempt, random) =>
  BACKOFF[Math.min(attempt, BACKOFF.length - 1)] * 1_000 * (0.75 + random / 2);

export class Connection {
  #server;
  #credentials;
  #env;
  #onFrame;
  #onStatus;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {any} */
  #retry = null;
  /** @type {any} */
  #pulse = null;
  /** @type {any} */
  #renewal = null;
  #attempt = 0;
  #since = Infinity;
  #refused = false;
  #stopped = true;
  /** Whether this server has ever let this client in. */
  #met = false;
  /** Tells an attempt that another one, or a stop, came meanwhile. */
  #era = 0;
  #heartbeatMs = 25_000;

  /**
   * @param {object} options
   * @param {string} options.server its address, without a slash at the end
   * @param {Credentials} options.credentials
   * @param {Env} options.env
   * @param {(frame: Frame) => void} options.onFrame
   * @param {(status: State['status'], reason?: string) => void} options.onStatus
   */
  constructor({ server, credentials, env, onFrame, onStatus }) {
    this.#server = server;
    this.#credentials = credentials;
    this.#env = env;
    this.#onFrame = onFrame;
    this.#onStatus = onStatus;
  }

  start() {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#refused = false;
    this.#attempt = 0;
    this.#hear('addEventListener');
    void this.#open();
  }

  /** @param {string} reason */
  stop(reason = 'stopped') {
    this.#stopped = true;
    this.#hear('removeEventListener');
    this.#drop();
    this.#onStatus('disconnected', reason);
  }

  /** @param {'addEventListener' | 'removeEventListener'} verb what to do about the window's news */
  #hear(verb) {
    for (const type of ['online', 'pageshow', 'focus']) this.#env.window?.[verb](type, this.#wake);
    // The browser says that the network is gone; a socket would find out minutes later.
    this.#env.window?.[verb]('offline', this.restart);
  }

  /**
   * @param {Frame} frame
   * @returns {boolean} false where there is no connection
   */
  send(frame) {
    if (this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Something must have gone wrong with this connection: take another one. */
  restart = () => {
    if (!this.#stopped) this.#later();
  };

  /** Forgets the socket and all timers; whatever they still say goes unheard. */
  #drop() {
    this.#era++;
    const socket = this.#socket;
    this.#socket = null;
    for (const timer of [this.#retry, this.#pulse, this.#renewal]) this.#env.clearTimeout(timer);
    this.#retry = null;
    if (socket && socket.readyState <= 1) socket.close(1000);
  }

  /** The network is back, or somebody looks at the page again: no reason to wait any longer. */
  #wake = () => {
    if (this.#stopped) return;
    if (this.#retry !== null) {
      this.#env.clearTimeout(this.#retry);
      this.#retry = null;
      void this.#open();
    } else if (this.#socket?.readyState === 1) {
      this.#ping();
    }
  };

  async #open() {
    const era = ++this.#era;
    this.#onStatus('connecting');
    this.#expect();
    /** @type {string | null} */
    let query;
    try {
      const token = await (this.#refused ? this.#credentials.renew() : this.#credentials.token());
      if (era !== this.#era) return;
      if (!token) return this.stop('unauthenticated');
      query = await this.#admission(token).catch((e) => {
        if (this.#met) throw e;
        // To a page of an origin that is not allowed, a refusal looks like a dead network. A socket
        // is told which it is, also without a ticket.
        return '';
      });
    } catch {
      if (era === this.#era) this.#later();
      return;
    }
    if (era !== this.#era) return;
    if (query === null) return this.#refuse();
    const socket = this.#env.socket(`${this.#server.replace(/^http/, 'ws')}/ws/?${query}`);
    this.#socket = socket;
    this.#expect();
    socket.onmessage = (event) => era === this.#era && this.#receive(String(event.data));
    socket.onclose = (event) => era === this.#era && this.#closed(event.code, query !== '');
    socket.onerror = () => {}; // A close follows.
  }

  /**
   * A ticket keeps the token out of the logs on the way. Where there are none, the token itself.
   *
   * @param {string} token
   * @returns {Promise<string | null>} null where the token was refused
   * @throws where the server is out of reach, or says nothing to this page
   */
  async #admission(token) {
    const response = await this.#env.fetch(`${this.#server}/chat/tickets/`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (response.status === 401) return null;
    // Too many at once: the token would fare no better.
    if (response.status === 429) throw new Error('rate_limited');
    if (response.ok) return `ticket=${encodeURIComponent((await response.json()).ticket)}`;
    return `token=${encodeURIComponent(token)}`;
  }

  /** @param {string} text */
  #receive(text) {
    this.#expect();
    /** @type {Frame} */
    let frame;
    try {
      frame = JSON.parse(text);
    } catch {
      return;
    }
    // The new token is somebody else's: so is the next connection.
    if (frame.id === 'auth' && frame.code === 'forbidden') return this.restart();
    if (frame.type === 'welcome') {
      this.#since = this.#env.now();
      this.#refused = false;
      this.#met = true;
      if (frame.heartbeat_seconds > 0) this.#heartbeatMs = frame.heartbeat_seconds * 1_000;
      this.#expect();
      void this.#planRenewal();
    }
    this.#onFrame(frame);
  }

  /** After a heartbeat's silence asks whether anybody is there; after silence to that, gives up. */
  #expect() {
    this.#env.clearTimeout(this.#pulse);
    const open = this.#socket?.readyState === 1;
    this.#pulse = this.#env.setTimeout(
      () => (open ? this.#ping() : this.restart()),
      open ? this.#heartbeatMs : PATIENCE_MS,
    );
  }

  #ping() {
    this.#env.clearTimeout(this.#pulse);
    this.#pulse = this.#env.setTimeout(() => this.restart(), PATIENCE_MS);
    this.send({ type: 'ping' });
  }

  async #planRenewal() {
    if (!this.#credentials.renewable) return;
    const era = this.#era;
    const token = await this.#credentials.token().catch(() => null);
    const left = expiryOf(token) - this.#env.now();
    // One that ends right now has its 4401 before another one is there.
    if (left < 1_000 || era !== this.#era) return;
    this.#env.clearTimeout(this.#renewal);
    this.#renewal = this.#env.setTimeout(
      async () => {
        const token = await this.#credentials.renew().catch(() => null);
        if (era !== this.#era) return;
        if (token) this.send({ type: 'auth', token, id: 'auth' });
        void this.#planRenewal();
      },
      Math.min(Math.max(left / 2, left - RENEW_BEFORE_MS), DAY_MS),
    );
  }

  #refuse() {
    // A token that can't be another one, or was new a moment ago: asking again would not help.
    if (this.#refused || !this.#credentials.renewable) return this.stop('unauthenticated');
    this.#refused = true;
    void this.#open();
  }

  /** @param {number} code @param {boolean} admitted whether it had a ticket, or the token */
  #closed(code, admitted) {
    const lived = this.#env.now() - this.#since >= STABLE_MS;
    this.#since = Infinity;
    this.#drop();
    this.#onStatus('disconnected');
    if (FINAL[code]) return this.stop(FINAL[code]);
    if (lived) this.#attempt = 0;
    if (code === 4401 && admitted) return this.#refuse();
    if (code === 4429) this.#attempt = BACKOFF.length - 1;
    // It cannot serve now: not at once, but what it lacks is seldom away for long.
    if (code === 1013) this.#attempt = Math.max(this.#attempt, 2);
    // A draining node sends its people elsewhere at once, but not all in the same instant.
    if (code === 1001 && lived) return this.#later(this.#env.random() * 500);
    this.#later();
  }

  /** @param {number} [wait] milliseconds */
  #later(wait) {
    this.#drop();
    this.#onStatus('disconnected');
    this.#retry = this.#env.setTimeout(
      () => {
        this.#retry = null;
        void this.#open();
      },
      wait ?? delayOf(this.#attempt++, this.#env.random()),
    );
  }
}
