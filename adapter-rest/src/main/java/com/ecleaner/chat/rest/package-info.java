/**
 * The REST resources: a request becomes a use case, its outcome becomes a response.
 *
 * <p>May depend on domain and application, on no other adapter. Jersey and Jackson types end here;
 * no rule of the chat is decided here.
 */
package com.ecleaner.chat.rest;
