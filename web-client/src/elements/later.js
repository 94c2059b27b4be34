/**
 * What comes later: the conversations themselves, when somebody is about to look at one, and else when
 * the page has come to rest.
 *
 * @module
 */

import { _$LH, html, noChange, nothing } from 'lit-html';
import { isOnline, isRead, isWaiting, latest, pendingIn, roomList, shown } from '../client/views.js';
import { alsoSay } from '../i18n/index.js';
import { alerts } from './alerts.js';
import { ChatElement } from './base.js';
import { css } from './element.js';
import { chatIcon, closeIcon, icon } from './icon.js';
import { brief, called, capped, jobUpdate } from './words.js';

/**
 * What that part takes from this one. As it is built it imports nothing, and is handed these: the first
 * load stays one file, and there is one of everything however the page addresses it.
 */
export const kit = {
  ...{ _$LH, html, noChange, nothing, css, ChatElement, alerts, alsoSay },
  ...{ isOnline, isRead, isWaiting, latest, pendingIn, roomList, shown },
  ...{ chatIcon, closeIcon, icon, brief, called, capped, jobUpdate },
};

/** How long the page is waited for, in milliseconds. */
const AT_LATEST_MS = 5_000;

/** @type {Promise<void> | null} */
let coming = null;

/** Fetches the conversations, once; where that failed, once more. @returns {Promise<void>} */
export const rooms = () =>
  (coming ??= import('./rooms.js').then(
    (part) => /** @type {any} */ (part).default?.(kit),
    (e) => {
      coming = null;
      throw e;
    },
  ));

/** Somebody may be about to look at one. */
export const ahead = () => void rooms().catch(() => {});

/** Until they are there. @param {number} [wait] until the next try, in milliseconds */
const fetchAll = (wait = 2_000) =>
  void rooms().catch(() => setTimeout(fetchAll, wait, Math.min(wait * 2, 300_000)));

/** At once where the page shows a conversation, else once it has come to rest. */
export function fetchSoon() {
  if (!globalThis.document) return;
  const go = () => fetchAll();
  /** Safari has none. @type {typeof requestIdleCallback | undefined} */
  const whenIdle = globalThis.requestIdleCallback;
  const rest = () => (whenIdle ? whenIdle(go, { timeout: AT_LATEST_MS }) : setTimeout(go));
  if (document.querySelector('chat-list, chat-room, chat-panel[open]')) fetchAll();
  else if (document.readyState === 'complete') rest();
  else {
    addEventListener('load', rest);
    // Some pages never come to rest.
    setTimeout(rest, AT_LATEST_MS);
  }
}
