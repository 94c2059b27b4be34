/**
 * Events between nodes, typing and presence, carried by Redis.
 *
 * <p>May depend on domain and application, on no other adapter. Nothing here is a record: whatever
 * Redis loses, the rest of the system finds again without it.
 */
package com.ecleaner.chat.redis;
