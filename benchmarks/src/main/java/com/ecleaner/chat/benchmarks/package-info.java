/**
 * What the chat costs, measured beside a bare server that stores nothing and obeys no rules: the
 * yardstick. Both run as processes of their own, in turn, under the same load; what counts is their
 * ratio within one run. Here are the scenarios, the processes, and the report; the load itself is
 * in {@code load}, single hot paths in {@code hot}. Nothing here is published.
 */
@NullMarked
package com.ecleaner.chat.benchmarks;

import org.jspecify.annotations.NullMarked;
