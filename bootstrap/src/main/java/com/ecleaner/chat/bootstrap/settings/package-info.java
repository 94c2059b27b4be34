/**
 * What the operator set, read from the environment and checked as a whole before anything starts.
 *
 * <p>Values only: nothing here opens a connection or a file. Whoever needs a setting gets it from
 * {@link com.ecleaner.chat.bootstrap.settings.Settings}, never from the environment.
 */
@NullMarked
package com.ecleaner.chat.bootstrap.settings;

import org.jspecify.annotations.NullMarked;
