/**
 * The headless client alone, for pages with a user interface of their own.
 *
 * @module
 */

export * from './client/index.js';
