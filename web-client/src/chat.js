/**
 * The widget. Importing it defines `<chat-badge>` and `<chat-panel>`, and a little later `<chat-list>` and
 * `<chat-room>`.
 *
 * @module
 */

import { ChatBadge } from './elements/badge.js';
import { fetchSoon } from './elements/later.js';
import { ChatPanel } from './elements/panel.js';

/** @typedef {import('./elements/list.js').ChatList} ChatList */
/** @typedef {import('./elements/room.js').ChatRoom} ChatRoom */

export * from './client/index.js';
export { configure, onSharedClient, sharedClient } from './elements/base.js';
export { addLanguage } from './i18n/index.js';
export { ChatBadge, ChatPanel };

ChatBadge.define('chat-badge');
ChatPanel.define('chat-panel');
fetchSoon();
