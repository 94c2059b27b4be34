/**
 * Secrets that the chat makes for itself and keeps in its data directory, readable by its owner
 * alone.
 */
@NullMarked
package com.ecleaner.chat.bootstrap.secrets;

import org.jspecify.annotations.NullMarked;
