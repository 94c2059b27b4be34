/** What reaches a connection, tried without a network; and time that tests move by hand. */
@NullMarked
package com.ecleaner.chat.application.live;

import org.jspecify.annotations.NullMarked;
