/**
 * The wire contract's objects as JSON: what every door and every embedder writes of a message, a
 * room, a person. One place, so that all doors say the same to the letter.
 *
 * <p>Writing only, by hand and without a library, for each message is written once per event and
 * that is the busiest line of the whole chat. Frames, pages and errors around the objects are the
 * doors' own; so is reading what comes in.
 */
@NullMarked
package com.ecleaner.chat.application.wire;

import org.jspecify.annotations.NullMarked;
