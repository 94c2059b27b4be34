/**
 * Messages: what may be said, and what stands in the log afterwards.
 *
 * <p>A {@code Draft} is what somebody means to send, a {@code Message} what a room has numbered. A
 * value that breaks a rule of the contract cannot be built.
 */
package com.ecleaner.chat.domain.message;
