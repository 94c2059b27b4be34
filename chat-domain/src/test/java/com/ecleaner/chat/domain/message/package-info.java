/** Tests of the domain's {@code message} package. */
package com.ecleaner.chat.domain.message;
