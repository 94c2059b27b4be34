/**
 * The headless client: a store of rooms and messages over one socket, without a user interface.
 *
 * @module
 */

export { ChatClient } from './client.js';
export { ChatError } from './http.js';
export { INITIAL } from './state.js';
export * from './views.js';

/**
 * @import * as types from './types.js'
 * @typedef {types.State} State
 * @typedef {types.Room} Room
 * @typedef {types.Message} Message
 * @typedef {types.Pending} Pending
 * @typedef {types.User} User
 * @typedef {types.Attachment} Attachment
 * @typedef {types.Found} Found
 * @typedef {types.Earlier} Earlier
 * @typedef {import('./client.js').Options} Options
 * @typedef {import('./credentials.js').GetToken} GetToken
 */
