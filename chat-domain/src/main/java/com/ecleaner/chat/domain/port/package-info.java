/**
 * What the chat needs from outside: the record of rooms, users and jobs, and a bus for events.
 *
 * <p>Every port has a memory and a real implementation, and a contract test in this module's or the
 * application's tests that both pass.
 */
package com.ecleaner.chat.domain.port;
