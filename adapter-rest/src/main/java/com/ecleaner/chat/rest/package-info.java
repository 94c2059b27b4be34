/**
 * The REST resources: a request becomes a use case, its outcome becomes a response.
 *
 * <p>May depend on domain and application, on no other adapter. Jersey, Grizzly and Jackson types
 * end here; no rule of the chat is decided here. Objects are written by the application's {@code
 * wire}, errors are RFC 9457 problems, requests are read by hand so that each refusal names its
 * field.
 */
@NullMarked
package com.ecleaner.chat.rest;

import org.jspecify.annotations.NullMarked;
