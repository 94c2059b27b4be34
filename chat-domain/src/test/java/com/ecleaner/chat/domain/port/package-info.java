/**
 * The contract tests of the ports. A store extends each of them and hands in its ports; what passes
 * here behaves like every other store.
 *
 * <p>Tests make their own users, jobs and rooms, so that a store may be shared between them.
 */
package com.ecleaner.chat.domain.port;
