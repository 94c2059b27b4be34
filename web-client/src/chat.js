/**
 * The widget: everything in one module. Importing it defines `<chat-badge>`, `<chat-panel>`,
 * `<chat-list>` and `<chat-room>`.
 *
 * @module
 */

import { ChatBadge } from './elements/badge.js';
import { ChatList } from './elements/list.js';
import { ChatPanel } from './elements/panel.js';
import { ChatRoom } from './elements/room.js';

export * from './client/index.js';
export { configure, onSharedClient, sharedClient } from './elements/base.js';
export { addLanguage } from './i18n/index.js';
export { ChatBadge, ChatList, ChatPanel, ChatRoom };

ChatBadge.define('chat-badge');
ChatPanel.define('chat-panel');
ChatList.define('chat-list');
ChatRoom.define('chat-room');
