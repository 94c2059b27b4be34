package com.ecleaner.chat.bootstrap;

/** The command line. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        System.out.println("E-Cleaner Chat: nothing to run yet");
    }
}
