/**
 * The conversations: `<chat-list>` and `<chat-room>`. Most pages show only the badge at first, so this part
 * comes later: see `later.js`.
 *
 * @module
 */

import { ChatList } from './list.js';
import { ChatRoom } from './room.js';

ChatList.define('chat-list');
ChatRoom.define('chat-room');
