/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

/** What kind of JVM is measured: a JDK, without or with the module of the Vector API. */
record JvmForm(Jdk jdk, boolean hasVectorApi) {
    String title() {
        return jdk.title() + (hasVectorApi ? ", Vector API" : "");
    }

    /** What the JVM is told. */
    String argument() {
        return hasVectorApi ? "--add-modules=jdk.incubator.vector" : "-Ddl4jlosses.vector=off";
    }

    /** How the names of its files begin. */
    String fileName() {
        return "jdk" + jdk.version() + (hasVectorApi ? "-vector" : "");
    }
}
