/**
 * How much one user may ask of this node. Limits that nodes share belong to the adapter of whatever
 * they share.
 */
@NullMarked
package com.ecleaner.chat.bootstrap.limits;

import org.jspecify.annotations.NullMarked;
