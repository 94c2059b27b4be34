/**
 * A small language to arrange and act in tests: {@code given.job("5").client(anna).cleaner(john)}
 * books a job, {@code talk.say(anna, "Hello")} posts into its room.
 *
 * <p>It speaks to the ports only, so it works over every store, and gives fresh ids each time, so
 * tests can share one database.
 */
package com.ecleaner.chat.domain.given;
