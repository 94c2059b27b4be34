package com.ecleaner.chat.archfixture.redis;

/** Wrong: only the command line prints. */
public final class Prints {

    public void print() {
        System.out.println("wrong");
    }
}
