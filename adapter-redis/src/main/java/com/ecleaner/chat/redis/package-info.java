/**
 * What nodes share besides the record, carried by Redis: events, who is connected, tickets, limits.
 *
 * <p>May depend on domain and application, on no other adapter. Nothing here is a record: whatever
 * Redis loses, the rest of the system finds again without it, and while it is away nobody waits for
 * it.
 */
@NullMarked
package com.ecleaner.chat.redis;

import org.jspecify.annotations.NullMarked;
