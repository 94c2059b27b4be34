/**
 * How much one user may send: token buckets (Bucket4j) of this process.
 *
 * <p>Where the limits apply is the application's business; how high they are is the settings'.
 */
@NullMarked
package com.ecleaner.chat.bootstrap.limits;

import org.jspecify.annotations.NullMarked;
