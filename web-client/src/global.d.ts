import type { ChatBadge } from './elements/badge.js';
import type { ChatList } from './elements/list.js';
import type { ChatPanel } from './elements/panel.js';
import type { Address, ChatRoom } from './elements/room.js';

declare global {
  interface HTMLElementTagNameMap {
    'chat-badge': ChatBadge;
    'chat-list': ChatList;
    'chat-panel': ChatPanel;
    'chat-room': ChatRoom;
  }
  interface HTMLElementEventMap {
    'chat-open': CustomEvent<null>;
    'chat-close': CustomEvent<null>;
    'chat-select': CustomEvent<Address>;
  }
}
