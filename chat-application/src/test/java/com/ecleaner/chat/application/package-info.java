/**
 * Tests of the use cases, and the contract tests of the application's ports: abstract classes that
 * every adapter of a port extends. This tree is published as a test-jar.
 */
package com.ecleaner.chat.application;
