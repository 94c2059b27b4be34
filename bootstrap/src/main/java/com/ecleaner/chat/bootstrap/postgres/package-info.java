/**
 * A PostgreSQL of the chat's own, for trying it and for small installations: unpacked, set up,
 * started, and stopped with the chat, as durable as a real one.
 *
 * <p>Knows processes and files; what is stored in it is the persistence adapter's business.
 */
@NullMarked
package com.ecleaner.chat.bootstrap.postgres;

import org.jspecify.annotations.NullMarked;
