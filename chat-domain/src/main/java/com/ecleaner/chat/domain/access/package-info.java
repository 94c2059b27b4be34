/**
 * The rule book: who may do what in which room, as a table.
 *
 * <p>Nothing outside this package decides access, and nothing in it knows how a request came in.
 */
package com.ecleaner.chat.domain.access;
