/**
 * The small part between lit-html, which draws, and the browser's custom elements: properties that are
 * attributes too, one update for all that changed in a turn, and styles that a strict
 * Content-Security-Policy lets in.
 *
 * @module
 */

import { render } from 'lit-html';

/**
 * @typedef {object} Property
 * @property {string | boolean} [attribute] its name where it is not the property's in lower case; false:
 *   none
 * @property {typeof Boolean | typeof Number} [type] of the attribute's value; text where absent
 * @property {boolean} [reflect] whether the attribute follows the property
 */

/** Where there is no browser, say on a server that draws React, the module can still be imported. */
const Base = globalThis.HTMLElement ?? /** @type {typeof HTMLElement} */ (/** @type {unknown} */ (class {}));

/** Styles, as the build finds them. */
export const css = String.raw;

/** @type {Map<string, CSSStyleSheet>} */
const SHEETS = new Map();

/** @param {string} text @returns {CSSStyleSheet} the one for that text */
function sheetOf(text) {
  let sheet = SHEETS.get(text);
  if (!sheet) {
    SHEETS.set(text, (sheet = new CSSStyleSheet()));
    sheet.replaceSync(text);
  }
  return sheet;
}

/** @param {string} name @param {Property} property */
const attributeOf = (name, { attribute = true }) =>
  attribute === true ? name.toLowerCase() : attribute || null;

export class DrawnElement extends Base {
  /** @type {Record<string, Property>} */
  static properties = {};
  /** @type {string[]} */
  static styles = [];

  static get observedAttributes() {
    return Object.entries(this.properties).flatMap(([name, how]) => attributeOf(name, how) ?? []);
  }

  /** Makes the element known under a name. A page that loads the module twice keeps the first. @param {string} tag */
  static define(tag) {
    if (!globalThis.customElements || customElements.get(tag)) return;
    for (const [name, how] of Object.entries(this.properties)) {
      const key = Symbol(name);
      Object.defineProperty(this.prototype, name, {
        get() {
          return this[key];
        },
        set(value) {
          const before = this[key];
          if (Object.is(before, value)) return;
          this[key] = value;
          if (how.reflect) this.reflect(name);
          this.requestUpdate(name, before);
        },
      });
    }
    customElements.define(tag, this);
  }

  /** @type {Map<string, unknown>} */
  #changed = new Map();
  /** @type {Promise<void> | null} */
  #pending = null;
  hasUpdated = false;
  /** Whether it was ever on a page. */
  #ready = false;
  renderRoot = this.attachShadow?.({ mode: 'open' });

  /** What was set before the module had come. @type {Record<string, unknown>} */
  #early = {};

  constructor() {
    super();
    // The constructors that follow know nothing of it, and the accessors are to take it.
    const own = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (this));
    for (const name of Object.keys(this.#how)) {
      if (!Object.hasOwn(this, name)) continue;
      this.#early[name] = own[name];
      delete own[name];
    }
  }

  get #how() {
    return /** @type {typeof DrawnElement} */ (this.constructor).properties;
  }

  connectedCallback() {
    if (!this.#ready) {
      this.#ready = true;
      const { properties, styles } = /** @type {typeof DrawnElement} */ (this.constructor);
      this.renderRoot.adoptedStyleSheets = styles.map(sheetOf);
      Object.assign(this, this.#early);
      for (const [name, { reflect }] of Object.entries(properties)) if (reflect) this.reflect(name);
    }
    this.requestUpdate();
  }

  disconnectedCallback() {}

  /** @param {string} attribute @param {string | null} _before @param {string | null} value */
  attributeChangedCallback(attribute, _before, value) {
    for (const [name, how] of Object.entries(this.#how)) {
      if (attributeOf(name, how) !== attribute) continue;
      /** @type {any} */ (this)[name] =
        how.type === Boolean ? value !== null : how.type && value !== null ? how.type(value) : value;
    }
  }

  /** @param {string} name */
  reflect(name) {
    // A constructor must not touch its element's attributes.
    if (!this.#ready) return;
    const value = /** @type {any} */ (this)[name];
    const attribute = /** @type {string} */ (attributeOf(name, this.#how[name]));
    if (value == null || value === false) this.removeAttribute(attribute);
    else this.setAttribute(attribute, value === true ? '' : value);
  }

  /** Draws soon, once for all that changes until then. @param {string} [name] @param {unknown} [before] */
  requestUpdate(name, before) {
    if (name && !this.#changed.has(name)) this.#changed.set(name, before);
    if (!this.#ready || this.#pending) return;
    this.#pending = Promise.resolve().then(() => this.#update());
  }

  /** @returns {Promise<void>} once what changed is drawn */
  get updateComplete() {
    return this.#pending ?? Promise.resolve();
  }

  #update() {
    const changed = this.#changed;
    try {
      this.willUpdate(changed);
      this.#changed = new Map();
      render(this.render(), this.renderRoot, { host: this });
    } finally {
      this.#pending = null;
    }
    this.hasUpdated = true;
    this.updated(changed);
  }

  /** Before drawing; what it changes is drawn too. @param {Map<string, unknown>} _changed the values before */
  willUpdate(_changed) {}

  /** After drawing. @param {Map<string, unknown>} _changed the values before */
  updated(_changed) {}

  /** @returns {unknown} */
  render() {
    return null;
  }
}
