/** Beside the frames, which are nobody else's business, so that benchmarks reach them. */
@NullMarked
package com.ecleaner.chat.websocket;

import org.jspecify.annotations.NullMarked;
