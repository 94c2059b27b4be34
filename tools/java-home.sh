# shellcheck shell=bash
# To be sourced: how the scripts of this repository find a Java.

# Prints the home of a Java from 21 on that has the program named $1 (java or javac).
java_home() {
    on_path=$(command -v java || true)
    while [ -L "${on_path:-}" ]; do
        link=$(readlink "$on_path")
        case $link in
            /*) on_path=$link ;;
            *) on_path=$(dirname "$on_path")/$link ;;
        esac
    done
    for candidate in \
        "${JAVA_HOME:-}" \
        "${on_path%/bin/java}" \
        /usr/lib/jvm/* \
        "${HOME:-}"/.sdkman/candidates/java/* \
        "${HOME:-}"/.jdks/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
        [ -n "$candidate" ] && [ -x "$candidate/bin/java" ] && [ -x "$candidate/bin/$1" ] || continue
        if [ -r "$candidate/release" ]; then
            version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$candidate/release")
        else
            version=$("$candidate/bin/java" -version 2>&1 | sed -n '1s/.*"\([0-9]*\).*/\1/p')
        fi
        if [ "${version:-0}" -ge 21 ]; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    return 1
}
