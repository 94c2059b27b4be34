/**
 * The texts, by language. Numbers and dates are the browser's business (Intl).
 *
 * @module
 */

import en from './en.js';

/** @typedef {string | { one: string, few?: string, other: string }} Text */
/** @typedef {Record<string, Text>} Texts */

/** @type {Record<string, Texts>} */
const LANGUAGES = { en };

/** Languages that are fetched by those who read them. @type {Record<string, () => Promise<{ default: Texts }>>} */
const FETCHED = { uk: () => import('./uk.js'), de: () => import('./de.js') };

/** @type {Set<() => void>} */
const listeners = new Set();

/**
 * Tells when a language has come.
 *
 * @param {() => void} listener
 * @returns {() => void} ends it
 */
export function onLanguage(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Adds a language, or replaces texts of one.
 *
 * @param {string} lang e.g. `fr`
 * @param {Texts} texts those that are missing stay English
 */
export function addLanguage(lang, texts) {
  LANGUAGES[lang] = { ...en, ...LANGUAGES[lang], ...texts };
  CACHE.clear();
  for (const listener of listeners) listener();
}

/** English of a part that came later; what a language does not say is said in English. @param {Texts} texts */
export const alsoSay = (texts) => void Object.assign(en, texts);

/** @type {Map<string, Speech>} */
const CACHE = new Map();

/** What one language can say. */
export class Speech {
  #texts;
  #plural;
  #formats;

  /** @param {string} tag a BCP 47 language tag */
  constructor(tag) {
    const language = tag.split('-')[0].toLowerCase();
    const known = LANGUAGES[tag.toLowerCase()] ?? LANGUAGES[language];
    const fetching = FETCHED[language];
    if (!known && fetching) {
      delete FETCHED[language];
      // Where it does not come, English stays.
      fetching().then((texts) => addLanguage(language, texts.default), () => {});
    }
    /** The tag that Intl is asked with. */
    this.lang = known ? tag : 'en';
    this.#texts = known ?? en;
    this.#plural = new Intl.PluralRules(this.lang);
    const format = (/** @type {Intl.DateTimeFormatOptions} */ options) =>
      new Intl.DateTimeFormat(this.lang, options);
    this.#formats = {
      time: format({ hour: 'numeric', minute: '2-digit' }),
      weekday: format({ weekday: 'long' }),
      day: format({ day: 'numeric', month: 'long' }),
      year: format({ day: 'numeric', month: 'long', year: 'numeric' }),
      short: format({ day: 'numeric', month: 'short' }),
      full: format({ dateStyle: 'full', timeStyle: 'short' }),
      list: new Intl.ListFormat(this.lang),
      number: new Intl.NumberFormat(this.lang, { maximumFractionDigits: 1 }),
    };
  }

  /** @param {string} key @param {Record<string, string | number>} [values] `n` chooses the plural */
  text(key, values = {}) {
    const text = this.#texts[key] ?? en[key] ?? key;
    const form =
      typeof text === 'string'
        ? text
        : (/** @type {Record<string, string>} */ (text)[this.#plural.select(Number(values.n ?? 1))] ??
          text.other);
    return form.replace(/\{(\w+)\}/g, (_, name) => {
      const value = values[name] ?? '';
      return typeof value === 'number' ? this.#formats.number.format(value) : value;
    });
  }

  /**
   * A word of the platform's, say the state of a job, where this language has it; else as it came.
   *
   * @param {unknown} value
   */
  word(value) {
    const text = String(value ?? '–').replaceAll('_', ' ');
    const key = `word_${value}`;
    return key in this.#texts ? this.text(key) : text.charAt(0).toUpperCase() + text.slice(1);
  }

  /** @param {string} code of an error */
  error(code) {
    return this.text(`error_${code}` in en ? `error_${code}` : 'error_other');
  }

  /** @param {string | number} at @returns {string} `10:30` */
  time(at) {
    return this.#formats.time.format(new Date(at));
  }

  /** @param {string | number} at @returns {string} the whole date and time */
  full(at) {
    return this.#formats.full.format(new Date(at));
  }

  /** @param {string | number} at @returns {string} `Today`, `Monday`, `3 May` */
  day(at) {
    const date = new Date(at);
    const days = daysBetween(date, new Date());
    if (days === 0) return this.text('today');
    if (days === 1) return this.text('yesterday');
    if (days > 1 && days < 7) return this.#formats.weekday.format(date);
    const { day, year } = this.#formats;
    return (date.getFullYear() === new Date().getFullYear() ? day : year).format(date);
  }

  /** @param {string | number} at @returns {string} as short as a list wants it */
  brief(at) {
    const days = daysBetween(new Date(at), new Date());
    if (days === 0) return this.time(at);
    return days === 1 ? this.text('yesterday') : this.#formats.short.format(new Date(at));
  }

  /** @param {string[]} names */
  list(names) {
    return this.#formats.list.format(names);
  }

  /** @param {number} bytes */
  size(bytes) {
    const [n, unit] =
      bytes >= 1e6 ? [bytes / 1e6, 'megabyte'] : [Math.max(1, Math.round(bytes / 1e3)), 'kilobyte'];
    return new Intl.NumberFormat(this.lang, {
      style: 'unit',
      unit,
      maximumFractionDigits: 1,
    }).format(n);
  }
}

/** @param {Date} from @param {Date} to @returns {number} calendar days, by the local clock */
const daysBetween = (from, to) =>
  Math.round(
    (new Date(to.getFullYear(), to.getMonth(), to.getDate()).getTime() -
      new Date(from.getFullYear(), from.getMonth(), from.getDate()).getTime()) /
      86_400_000,
  );

/** @param {string} tag @returns {Speech} */
export function speech(tag) {
  let it = CACHE.get(tag);
  if (!it) CACHE.set(tag, (it = new Speech(tag)));
  return it;
}
