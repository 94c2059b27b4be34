/**
 * The conversations: `<chat-list>` and `<chat-room>`. Most pages show only the badge at first, so this part
 * comes later: see `later.js`.
 *
 * @module
 */

import texts from '../i18n/en-rooms.js';
import { alsoSay } from '../i18n/index.js';
import { ChatList } from './list.js';
import { ChatRoom } from './room.js';

alsoSay(texts);
ChatList.define('chat-list');
ChatRoom.define('chat-room');
