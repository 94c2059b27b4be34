/**
 * The load generator: many WebSocket connections on one thread, sending in a closed loop or at a
 * rate, and how long each message took. It knows frames, not what they mean.
 */
@NullMarked
package com.ecleaner.chat.benchmarks.load;

import org.jspecify.annotations.NullMarked;
