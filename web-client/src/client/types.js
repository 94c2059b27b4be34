/**
 * The shapes of the wire contract, and those of the store. Types only: this module is empty when it
 * runs.
 *
 * @module
 */

/** @typedef {number | string} UserId */
/** @typedef {number} RoomId */
/** @typedef {{ id: UserId, username: string, first_name: string, role?: string }} User `role`: one's own alone */
/** @typedef {{ id: number, seq: number, sender: User, excerpt: string }} Quote */
/**
 * @typedef {{ id: string, name: string, content_type: string, size: number, width?: number | null,
 *   height?: number | null, url: string, thumbnail_url?: string | null }} Attachment
 */
/** @typedef {'text' | 'image' | 'file' | 'system' | 'job_update'} MessageType */
/**
 * @typedef {{ id: number, sender: User, content: string, timestamp: string,
 *   message_type: MessageType, is_read: boolean, room: RoomId, seq: number,
 *   client_id: string | null, reply_to: Quote | null, attachment: Attachment | null,
 *   data: Record<string, any> | null, edited_at: string | null, deleted_at: string | null }} Message
 */
/**
 * @typedef {{ user: User, role: string, joined_at: string, last_seen: string | null,
 *   is_online: boolean, last_read_seq: number }} Participant
 */
/**
 * A room as the server writes it.
 *
 * @typedef {{ id: RoomId, name: string, room_type: 'job' | 'support' | 'general',
 *   topic: string | null, job: { id: UserId, title: string, status: string } | null,
 *   participants: Participant[], participant_count?: number, created_at: string,
 *   updated_at: string, is_active: boolean, version: number, last_seq: number,
 *   last_read_seq: number, unread_count: number, last_message: Message | null }} RoomInfo
 */
/**
 * What a search found; `highlights` are the places in the excerpt, from and to.
 *
 * @typedef {{ message: Message, excerpt: string, highlights?: [number, number][] }} Found
 */
/** @typedef {{ content: string, timestamp: string }} Earlier what a message said before, and since when */
/**
 * Messages that follow one another without a hole, the first numbered `from`.
 *
 * @typedef {{ from: number, items: readonly Message[] }} Run
 */
/**
 * A room as the store holds it.
 *
 * @typedef {object} Room
 * @property {RoomId} id
 * @property {RoomInfo} info what is not told below: name, people, job, whether it is open
 * @property {readonly Run[]} runs what is held of the log; the last run is the live end, and may be
 *   empty
 * @property {number} version every change up to this one was seen; `sync` starts here
 * @property {number} counted the version at which `unread` was exact
 * @property {number} lastSeq the highest number known to exist
 * @property {number} lastRead one's own mark
 * @property {number} unread messages of others, not deleted, after the mark
 * @property {boolean} syncing between a reconnect and the server's answer to `sync`
 * @property {boolean} loaded whether a page was ever asked for and came
 * @property {number} asked how many pages are under way
 * @property {'' | 'latest' | 'before' | 'after' | 'around'} loading the page asked for last, while any is
 *   under way; `latest` where it is a jump that is no longer wanted
 * @property {boolean} failed whether the last page asked for did not come
 * @property {number | null} focus the number whose run is shown; null: the live end
 * @property {Readonly<Record<string, Message>>} patches messages that changed while a page is under way
 * @property {readonly { user: User, until: number }[]} typing
 * @property {string | null} left why access ended; null while there is access
 */
/**
 * A message of one's own whose echo has not come.
 *
 * @typedef {object} Pending
 * @property {string} client_id
 * @property {RoomId} room
 * @property {string} text
 * @property {MessageType} message_type
 * @property {Quote | null} reply_to
 * @property {Attachment | null} attachment as soon as it is uploaded
 * @property {{ name: string, size: number, content_type: string, preview: string | null,
 *   progress: number } | null} upload while it is not; `progress` from 0 to 1
 * @property {number} at milliseconds since 1970 when it was written
 * @property {'sending' | 'sent' | 'failed'} state `sent`: stored, and its place in the log not held
 *   yet
 * @property {string | null} error the code of the refusal
 * @property {number} seq its number once it is known, else 0
 */
/**
 * @typedef {object} State
 * @property {'connecting' | 'connected' | 'disconnected'} status
 * @property {string | null} reason why `disconnected` is final: `unauthenticated`, `forbidden`,
 *   `not_found`, `stopped`; null while the client goes on trying
 * @property {User | null} me
 * @property {number} total unread in all rooms, those that are not loaded included
 * @property {Readonly<Record<RoomId, Room>>} rooms
 * @property {string | null} more cursor of further rooms
 * @property {string | null} [queue] cursor of further open rooms with support, for an admin whose queue is on
 *   display; undefined until its first page has come
 * @property {boolean} welcomed whether the list of rooms ever came
 * @property {readonly Pending[]} pending in the order in which they were written
 * @property {Readonly<Record<string, { online: boolean, lastSeen: string | null }>>} presence
 * @property {Limits} limits
 */
/** @typedef {{ message_length: number, attachment_bytes: number }} Limits */
/** @typedef {Record<string, any> & { type: string }} Frame */
/**
 * @typedef {{ type: 'status', status: State['status'], reason: string | null }
 *   | { type: 'frame', frame: Frame, now: number }
 *   | { type: 'rooms', rooms: RoomInfo[], next: string | null }
 *   | { type: 'queue', more: string | null }
 *   | { type: 'syncing', rooms: RoomId[] }
 *   | { type: 'asking', room: RoomId, page: 'latest' | 'before' | 'after' | 'around' }
 *   | { type: 'page', room: RoomId, page: 'latest' | 'before' | 'after' | 'around', seq: number | null,
 *       results: Message[] }
 *   | { type: 'page_failed', room: RoomId }
 *   | { type: 'focus', room: RoomId, seq: number | null }
 *   | { type: 'pending', entries: Pending[] }
 *   | { type: 'pending_changed', client_id: string, change: Partial<Pending> }
 *   | { type: 'pending_gone', client_id: string }
 *   | { type: 'expire', now: number }} Action
 */

export {};
