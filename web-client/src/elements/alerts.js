/**
 * While nobody looks: the count in the page's title, a sound and a notification for those who allow
 * them. Of several tabs one speaks, and none while another is being looked at.
 *
 * @module
 */

import { speech } from '../i18n/index.js';
import { brief, called } from './words.js';

/** @import { ChatClient } from '../client/client.js' */
/** @import { Message } from '../client/types.js' */
/** @import { ChatElement } from './base.js' */

const KEY = 'ecleaner-chat:alerts';

export class Alerts {
  /** @type {{ sound: boolean, notify: boolean }} */
  #wanted = { sound: false, notify: false };
  #title = '';
  #count = 0;
  #leads = false;
  /** @type {AudioContext | null} */
  #audio = null;
  #started = false;
  /** @type {() => void} */
  #end = () => {};

  constructor() {
    this.#read();
  }

  /** What was chosen here, or in another tab. */
  #read() {
    try {
      Object.assign(this.#wanted, JSON.parse(localStorage.getItem(KEY) ?? '{}'));
    } catch {
      // As it is.
    }
  }

  /** @type {boolean | undefined} */
  #notifies;

  /** Whether this browser shows notifications for a page, and is not told not to. */
  get canNotify() {
    if (typeof Notification === 'undefined' || Notification.permission === 'denied') return false;
    // Phones have the class, but show only what a service worker says: they throw. One that may not be shown yet
    // is shown nowhere, so it can be tried.
    if (Notification.permission !== 'granted') this.#notifies ??= this.#make('') !== null;
    return this.#notifies !== false;
  }

  /** @param {string} title @param {NotificationOptions} [options] @returns {Notification | null} */
  #make(title, options) {
    try {
      return new Notification(title, options);
    } catch {
      this.#notifies = false;
      return null;
    }
  }

  get sound() {
    return this.#wanted.sound;
  }

  set sound(on) {
    this.#wanted.sound = on;
    this.#keep();
  }

  get notify() {
    return this.#wanted.notify && this.canNotify && Notification.permission === 'granted';
  }

  /** @param {boolean} on asks the user, if need be */
  async allowNotify(on) {
    this.#wanted.notify = on && (await Notification.requestPermission().catch(() => '')) === 'granted';
    this.#keep();
  }

  #keep() {
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#wanted));
    } catch {
      // Until the next reload, then.
    }
  }

  /**
   * @param {ChatClient} client the one whose messages are told
   * @param {Iterable<ChatElement>} elements those on the page, whose language is spoken and where a click leads
   */
  follow(client, elements) {
    this.#end();
    const ends = [
      client.subscribe(() => this.#showCount(client.getSnapshot().total)),
      client.onIncoming((message) => void this.#tell(message, () => [...elements].filter((e) => e.chat === client))),
    ];
    this.#end = () => ends.forEach((end) => end());
    if (this.#started) return;
    this.#started = true;
    document.addEventListener('visibilitychange', () => {
      this.#showCount(this.#count);
      this.#look();
    });
    this.#look();
    void navigator.locks
      ?.request('ecleaner-chat:leader', () => {
        this.#leads = true;
        return new Promise(() => {});
      })
      .catch(() => {});
  }

  /** A tab that is looked at says so by a lock, which ends with the tab, however it ends. */
  #look() {
    if (document.hidden) return;
    void navigator.locks
      ?.request(
        'ecleaner-chat:looking',
        { mode: 'shared' },
        // It may be given too late.
        () =>
          document.hidden ||
          new Promise((resolve) => document.addEventListener('visibilitychange', resolve, { once: true })),
      )
      .catch(() => {});
  }

  /** @param {number} count */
  #showCount(count) {
    this.#count = count;
    const bare = document.title.replace(/^\(\d+\+?\) /, '');
    this.#title = document.hidden && count > 0 ? `(${count > 99 ? '99+' : count}) ${bare}` : bare;
    if (document.title !== this.#title) document.title = this.#title;
  }

  /** @param {Message} message @param {() => ChatElement[]} elements those that show the same client */
  async #tell(message, elements) {
    if (!document.hidden || !(this.#leads || !navigator.locks)) return;
    const held = (await navigator.locks?.query())?.held ?? [];
    if (held.some((lock) => lock.name === 'ecleaner-chat:looking')) return;
    this.#read();
    if (this.sound) this.#beep();
    if (!this.notify) return;
    const say =
      elements()[0]?.say ?? speech(document.documentElement.lang || navigator.language || 'en');
    const notification = this.#make(called(message.sender, say) || say.text('platform'), {
      body: brief(message, say).slice(0, 140),
      tag: `ecleaner-chat:${message.room}`,
    });
    if (!notification) return;
    notification.onclick = () => {
      window.focus();
      notification.close();
      show({ room: message.room }, elements());
    };
  }

  /** Two soft notes, made on the spot: nothing to download. */
  #beep() {
    try {
      const audio = (this.#audio ??= new AudioContext());
      [660, 880].forEach((pitch, i) => {
        const at = audio.currentTime + i * 0.12;
        const tone = audio.createOscillator();
        const volume = audio.createGain();
        tone.frequency.value = pitch;
        volume.gain.setValueAtTime(0.08, at);
        volume.gain.exponentialRampToValueAtTime(0.001, at + 0.25);
        tone.connect(volume).connect(audio.destination);
        tone.start(at);
        tone.stop(at + 0.25);
      });
    } catch {
      // The browser wants a click first.
    }
  }
}

/**
 * In the panel that the page's badge opens, else in one of its own; where there is neither, the list tells the
 * page that it was chosen.
 *
 * @param {import('./room.js').Address} address
 * @param {any[]} elements
 */
function show(address, elements) {
  const of = (/** @type {string} */ tag) => elements.find((element) => element.localName === tag);
  const panel = of('chat-badge')?.panel ?? of('chat-panel');
  if (panel) panel.showRoom(address);
  else of('chat-list')?.choose(address);
}

export const alerts = new Alerts();
