/**
 * What the chat measures of itself, by the names under which operators see it. Adapters count in
 * plain numbers or tell a watch; that Micrometer carries it to Prometheus is known here alone.
 */
@NullMarked
package com.ecleaner.chat.bootstrap.metrics;

import org.jspecify.annotations.NullMarked;
