/**
 * The files in {@code deploy/}: valid by their schemas, in agreement with the code and with each
 * other, and, where a program to read them is at hand, tried with it.
 */
package com.ecleaner.chat.deploy;
