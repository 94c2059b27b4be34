/** The hot paths one by one, for JMH: {@code benchmarks/run hot}. */
@NullMarked
package com.ecleaner.chat.benchmarks.hot;

import org.jspecify.annotations.NullMarked;
