/** Tests of the domain's {@code view} package. */
package com.ecleaner.chat.domain.view;
