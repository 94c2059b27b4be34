/**
 * The domain's storage ports kept in PostgreSQL: Hibernate, plain SQL where it matters, the
 * migrations.
 *
 * <p>May depend on domain and application, on no other adapter. No rule of the chat lives here:
 * what is allowed has been decided before a call arrives.
 */
package com.ecleaner.chat.persistence;
