/**
 * The ports over maps in memory, and the event bus inside one process: to embed the chat without a
 * server, and to test with. Nothing survives the process.
 *
 * <p>They pass the same contract tests as the stores that last, and let the same ledger decide. May
 * know the domain and the JDK only.
 */
@NullMarked
package com.ecleaner.chat.application.memory;

import org.jspecify.annotations.NullMarked;
