/**
 * A reference client: what a program that talks to the chat has to do, and nothing else. It
 * reconnects, brings itself level, sends again what was not echoed, and writes down whatever breaks
 * a promise of the wire contract.
 *
 * <p>Knows the wire contract alone, no class of the server.
 */
package com.ecleaner.chat.client;
