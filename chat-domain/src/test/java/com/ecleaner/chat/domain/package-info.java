/**
 * Tests of the domain, and the contract tests of its ports: abstract classes that every adapter of
 * a port extends. This tree is published as a test-jar.
 */
package com.ecleaner.chat.domain;
