/**
 * How a room's log changes: the changes one may ask for, the ledger that decides them under the
 * room's lock, and what came of them.
 *
 * <p>Numbering, unread bookkeeping and the order of events are here and nowhere else; stores only
 * fetch and write what the ledger says.
 */
package com.ecleaner.chat.domain.log;
