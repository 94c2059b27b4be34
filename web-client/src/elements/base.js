/**
 * What all elements share: the client they show, the language, the looks.
 *
 * @module
 */

import { ChatClient } from '../client/client.js';
import { onLanguage, speech } from '../i18n/index.js';
import { alerts } from './alerts.js';
import { DrawnElement } from './element.js';
import { tokens } from './styles.js';

/** @import { Options } from '../client/client.js' */
/** @import { Property } from './element.js' */

/** @type {ChatClient | null} */
let shared = null;
/** @type {Set<() => void>} */
const waiting = new Set();
/** The elements on the page. @type {Set<ChatElement>} */
const here = new Set();

/**
 * Makes the client that all elements of the page share, and connects it.
 *
 * @param {Options} options
 * @returns {ChatClient}
 */
export function configure(options) {
  shared?.disconnect();
  shared = new ChatClient({ server: new URL(import.meta.url).origin, ...options });
  shared.connect();
  alerts.follow(shared, here);
  for (const wake of waiting) wake();
  return shared;
}

/**
 * Tells when {@link configure} made another client.
 *
 * @param {() => void} listener
 * @returns {() => void} ends it
 */
export function onSharedClient(listener) {
  waiting.add(listener);
  return () => waiting.delete(listener);
}

/** @returns {ChatClient | null} the client that all elements of the page share */
export const sharedClient = () => shared;

/**
 * A token from an address of the page's own server: `{"token": "…"}`, or the bare text.
 *
 * @param {string} url
 * @returns {import('../client/credentials.js').GetToken}
 */
const fetchToken = (url) => async () => {
  const response = await fetch(url, { credentials: 'same-origin', cache: 'no-store' });
  if (response.status === 401 || response.status === 403) return null;
  if (!response.ok) throw new Error(`No token: ${response.status}`);
  const text = (await response.text()).trim();
  return text.startsWith('{') ? JSON.parse(text).token : text;
};

export class ChatElement extends DrawnElement {
  /** @override @type {Record<string, Property>} */
  static properties = {
    client: { attribute: false },
    server: {},
    token: {},
    tokenUrl: { attribute: 'token-url' },
    lang: {},
    theme: { reflect: true },
  };

  /** @override */
  static styles = [tokens];

  /** The client that is listened to. @type {ChatClient | null} */
  #heard = null;
  #end = () => {};
  #endLanguage = () => {};

  constructor() {
    super();
    /** The client to show; the page's shared one where absent. @type {ChatClient | null} */
    this.client = null;
    /** @type {string | undefined} */
    this.server = undefined;
    /** @type {string | undefined} */
    this.token = undefined;
    /** @type {string | undefined} */
    this.tokenUrl = undefined;
    /** @type {'light' | 'dark' | undefined} */
    this.theme = undefined;
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    if (!this.client && !shared && (this.token || this.tokenUrl)) {
      configure({
        ...(this.server && { server: this.server }),
        ...(this.tokenUrl ? { getToken: fetchToken(this.tokenUrl) } : { token: this.token }),
      });
    }
    waiting.add(this.#wake);
    here.add(this);
    this.#endLanguage = onLanguage(() => this.requestUpdate());
    this.#listen();
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    waiting.delete(this.#wake);
    here.delete(this);
    this.#endLanguage();
    this.#end();
    this.#heard = null;
  }

  /** @override @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('client')) this.#listen();
  }

  #wake = () => {
    this.#listen();
    this.requestUpdate();
  };

  #listen() {
    const client = this.chat;
    if (client === this.#heard || !this.isConnected) return;
    this.#end();
    this.#heard = client;
    if (!client) return;
    const whose = () => client.getSnapshot().me?.id;
    let me = whose();
    const end = client.subscribe(() => {
      me ??= whose();
      if (me !== whose()) {
        this.#heard = null;
        this.#listen();
      }
      this.onChange();
    });
    const endMore = this.onClient(client);
    this.#end = () => {
      end();
      endMore?.();
    };
  }

  /** The client, once there is one. */
  get chat() {
    return this.client ?? shared;
  }

  get state() {
    return this.chat?.getSnapshot() ?? null;
  }

  /** In the element's language, else the page's, else the browser's. */
  get say() {
    return speech(this.lang || document.documentElement.lang || navigator.language || 'en');
  }

  /**
   * There is a client, or another one, or another user of it.
   *
   * @param {ChatClient} _client
   * @returns {void | (() => void)} called once that is no longer shown
   */
  onClient(_client) {}

  onChange() {
    this.requestUpdate();
  }

  /** @param {string} name @param {unknown} [detail] */
  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}
